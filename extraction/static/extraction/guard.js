// data-guarded: a form whose unsaved changes are asked about before the page is left.
// A form that came back with an error has the value "changed". The form may be replaced while it is edited, so the listeners stand on the document.

let changed = document.querySelector("form[data-guarded=changed]") !== null;

const guarded = (element) => element.closest?.("form[data-guarded]");

for (const name of ["input", "change"]) {
  document.addEventListener(name, (event) => {
    if (guarded(event.target)) changed = true;
  });
}

// Buttons that add, move and remove rows send the form to a fragment, which is a change too.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.matches?.("form[data-guarded]")) changed = true;
});

document.addEventListener("submit", (event) => {
  if (guarded(event.target)) changed = false;
});

window.addEventListener("beforeunload", (event) => {
  if (changed) event.preventDefault();
});
