// The CSRF header that Django requires on every request that changes data, as {name: value}.
export function csrfHeaders() {
  return JSON.parse(document.body.getAttribute("hx-headers"));
}
