// The document page: zoom, word boxes, and the position of each field's value.

const sheets = document.getElementById("sheets");
const STEPS = [0.5, 0.75, 1, 1.25, 1.5, 2, 3, 4];
let zoom = 1;

// Set the zoom factor and keep the middle of the visible part in place.
function resize(factor) {
  const share = (sheets.scrollTop + sheets.clientHeight / 2) / Math.max(sheets.scrollHeight, 1);
  zoom = factor;
  sheets.querySelectorAll(".sheet").forEach((sheet) => { sheet.style.width = `${100 * zoom}%`; });
  sheets.scrollTop = share * sheets.scrollHeight - sheets.clientHeight / 2;
}

function step(direction) {
  const next = direction > 0 ? STEPS.find((size) => size > zoom) : STEPS.findLast((size) => size < zoom);
  if (next) resize(next);
}

// Mark the boxes of a field (null: of none); scroll: bring the first one into view.
function highlight(name, scroll) {
  let first = null;
  sheets.querySelectorAll(".boxes rect").forEach((box) => {
    const active = box.dataset.field === name;
    box.classList.toggle("active", active);
    if (active) first ??= box;
  });
  if (!first || !scroll) return;
  const box = first.getBoundingClientRect();
  const view = sheets.getBoundingClientRect();
  if (box.top < view.top || box.bottom > view.bottom) sheets.scrollTop += box.top - view.top - view.height / 3;
  if (box.left < view.left || box.right > view.right) sheets.scrollLeft += box.left - view.left - view.width / 3;
}

function showWords(shown) {
  sheets.classList.toggle("with-words", shown);
  if (shown) sheets.querySelectorAll("svg.words[hx-get]").forEach((layer) => pagesInView.observe(layer));
}

// Words are fetched only for pages that scroll into view.
const pagesInView = new IntersectionObserver((entries) => {
  entries.filter((entry) => entry.isIntersecting).forEach((entry) => {
    pagesInView.unobserve(entry.target);
    window.htmx.trigger(entry.target, "show-words");
  });
});

document.querySelectorAll("[data-zoom]").forEach((button) => {
  button.addEventListener("click", () => {
    if (button.dataset.zoom === "fit") resize(1);
    else step(button.dataset.zoom === "in" ? 1 : -1);
  });
});

sheets.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "+" || event.key === "=") step(1);
  else if (event.key === "-") step(-1);
  else if (event.key === "0") resize(1);
  else return;
  event.preventDefault();
});

document.querySelectorAll(".reading").forEach((reading) => {
  reading.addEventListener("mouseenter", () => highlight(reading.dataset.field, true));
  reading.addEventListener("mouseleave", () => highlight(null, false));
  reading.addEventListener("focus", () => highlight(reading.dataset.field, true));
  reading.addEventListener("blur", () => highlight(null, false));
});

// Rows of a table: each marks its own words; arrow keys go from row to row.
document.querySelectorAll("[data-rows]").forEach((table) => {
  const name = (event) => event.target.closest(".reading-row")?.dataset.field ?? null;
  table.addEventListener("mouseover", (event) => highlight(name(event), true));
  table.addEventListener("mouseleave", () => highlight(null, false));
  table.addEventListener("focusin", (event) => highlight(name(event), true));
  table.addEventListener("focusout", () => highlight(null, false));
  table.addEventListener("keydown", (event) => {
    const steps = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" };
    const next = steps[event.key] && event.target.closest(".reading-row")?.[steps[event.key]];
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
  showRows(table.dataset.rows, table.querySelector(".reading-row")?.dataset.field.split("/")[0]);
});

// The places of rows are looked for only now, which takes a while for a long table.
async function showRows(url, field) {
  if (!field) return;
  try {
    const { boxes } = await (await fetch(url, { headers: { Accept: "application/json" } })).json();
    for (const [row, page, x, y, width, height] of boxes) {
      const box = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      for (const [key, value] of Object.entries({ x, y, width, height })) box.setAttribute(key, value);
      box.dataset.field = `${field}/${row}`;
      document.querySelector(`#page-${page} .boxes`)?.append(box);
    }
  } catch {
    // No connection: the rows show no words.
  }
}

sheets.addEventListener("mouseover", (event) => {
  const name = event.target.closest(".boxes rect")?.dataset.field;
  document.querySelectorAll(".reading, .reading-row").forEach((reading) => reading.classList.toggle("active", reading.dataset.field === name));
});

document.getElementById("show-words").addEventListener("change", (event) => showWords(event.target.checked));
