// What a reviewer chose on this page, remembered in this browser.

const KEY = "kdweb/review/flagged-first";
const box = document.getElementById("review-flagged-first");

// Whether accepting a document stops once at a flagged field that was not looked at. Off at first: a new teacher's fields
// are nearly all flagged, which would double the key presses of a thousand receipts, and flags are visible on the page.
export function flaggedFirst() {
  return box.checked;
}

try {
  box.checked = localStorage.getItem(KEY) === "on";
} catch {
  // Without localStorage it is chosen for each page anew.
}

box.addEventListener("change", () => {
  try {
    localStorage.setItem(KEY, box.checked ? "on" : "off");
  } catch {
    // As above.
  }
});
