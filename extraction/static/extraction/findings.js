// Keys of findings: a letter presses the button or link with that `data-key`, 1 to 6 choose a reason.

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.target.closest("input, textarea, select, dialog")) return;
  const reasons = document.getElementById("reason");
  if (reasons && event.key >= "1" && event.key <= "9" && reasons.options[event.key - 1]) {
    reasons.selectedIndex = event.key - 1;
    event.preventDefault();
    return;
  }
  const pressed = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!pressed) return;
  event.preventDefault();
  pressed.click();
});
