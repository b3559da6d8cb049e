// Heatmap cells: arrow keys move between them, and on wide screens selecting one opens its details
// beside the table. Without this script, and on narrow screens, each cell is a link to its page.

const CELLS = "[data-grid] .app-cell__link";
const isWide = window.matchMedia("(min-width: 75em)"); // where the details stand beside the table
const panel = () => document.getElementById("cell-panel");
const cells = () => [...document.querySelectorAll(CELLS)];
const cellAt = (path) => cells().find((cell) => cell.pathname === path);
let opened = ""; // the path of the cell whose details are shown
let focused = ""; // the path of the cell that had the focus before new figures came

/** Keeps one cell in the tab order: the last one that had the focus, or the first. */
function setTabStop(current) {
  const all = cells();
  const chosen = all.includes(current) ? current : (cellAt(opened) ?? all[0]);
  for (const cell of all) cell.tabIndex = cell === chosen ? 0 : -1;
}

/** The next cell with a link in this direction. Some cells have no link. */
function neighbour(cell, down, right) {
  const rows = [...document.querySelectorAll("[data-grid] tbody tr")].filter((row) =>
    row.querySelector(".app-cell"),
  );
  let row = rows.indexOf(cell.closest("tr"));
  let column = cell.closest("td").cellIndex;
  while (true) {
    row += down;
    column += right;
    const place = rows[row]?.cells[column];
    if (!place?.matches(".app-cell")) return null;
    const link = place.querySelector(".app-cell__link");
    if (link) return link;
  }
}

const STEPS = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] };

function ends(cell, key) {
  const links = [...cell.closest("tr").querySelectorAll(".app-cell__link")];
  return key === "Home" ? links[0] : links.at(-1);
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && panel()?.firstElementChild) return close();
  const cell = event.target.closest?.(CELLS);
  if (!cell || event.altKey || event.ctrlKey || event.metaKey) return;
  const step = STEPS[event.key];
  const isEnd = event.key === "Home" || event.key === "End";
  if (!step && !isEnd) return;
  event.preventDefault();
  const next = step ? neighbour(cell, ...step) : ends(cell, event.key);
  next?.focus();
});

document.addEventListener("focusin", (event) => {
  const cell = event.target.closest(CELLS);
  if (cell) setTabStop(cell);
});

/** Highlights the cell whose details are shown. */
function select(path) {
  opened = path;
  for (const cell of document.querySelectorAll(".app-cell--selected"))
    cell.classList.remove("app-cell--selected");
  cellAt(path)?.closest("td").classList.add("app-cell--selected");
}

function close() {
  const cell = cellAt(opened);
  panel().replaceChildren();
  select("");
  cell?.focus();
}

document.addEventListener("click", async (event) => {
  if (event.target.closest("[data-close-panel]")) return close();
  const cell = event.target.closest(CELLS);
  const isPlain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey);
  if (!cell || !isPlain || !isWide.matches || !panel()) return;
  event.preventDefault();
  select(cell.pathname);
  await window.htmx.ajax("GET", `${cell.pathname}panel/${cell.search}`, "#cell-panel");
  const heading = document.getElementById("panel-title");
  if (heading) heading.tabIndex = -1;
  heading?.focus({ preventScroll: true });
});

// After new figures: keep the open cell highlighted, the focus where it was, and one cell in the
// tab order.
document.addEventListener("htmx:beforeSwap", () => {
  focused = document.activeElement.closest(CELLS)?.pathname ?? "";
});
document.addEventListener("htmx:afterSettle", () => {
  select(opened);
  if (focused && document.activeElement === document.body) cellAt(focused)?.focus();
  setTabStop(document.activeElement);
});

setTabStop(null);
