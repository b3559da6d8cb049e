// Heatmap cells: arrow keys move between them, and selecting one opens its details beside the table.
// Without this script, each cell is a link to its page.

const PANEL = "cell-panel";
const panel = () => document.getElementById(PANEL);
const cells = () => [...document.querySelectorAll("[data-grid] .app-cell__link")];
let opened = "";

/** Keeps one cell in the tab order: the last one that had the focus, or the first. */
function setTabStop(current) {
  const all = cells();
  const chosen = all.includes(current) ? current : (document.getElementById(opened) ?? all[0]);
  for (const cell of all) cell.tabIndex = cell === chosen ? 0 : -1;
}

/** The next cell with a link in this direction. Some cells have no link. */
function neighbour(cell, down, right) {
  const rows = [...document.querySelectorAll("[data-grid] tbody tr")].filter((row) =>
    row.querySelector("td"),
  );
  let row = rows.indexOf(cell.closest("tr"));
  let column = cell.closest("td").cellIndex;
  while (true) {
    row += down;
    column += right;
    const place = rows[row]?.cells[column];
    if (!place || place.tagName !== "TD") return null;
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
  const cell = event.target.closest?.("[data-grid] .app-cell__link");
  if (!cell || event.altKey || event.ctrlKey || event.metaKey) return;
  const step = STEPS[event.key];
  const isEnd = event.key === "Home" || event.key === "End";
  if (!step && !isEnd) return;
  event.preventDefault();
  const next = step ? neighbour(cell, ...step) : ends(cell, event.key);
  next?.focus();
});

document.addEventListener("focusin", (event) => {
  const cell = event.target.closest("[data-grid] .app-cell__link");
  if (cell) setTabStop(cell);
});

/** Highlights the cell whose details are shown. */
function select(id) {
  opened = id;
  for (const cell of document.querySelectorAll(".app-cell--selected"))
    cell.classList.remove("app-cell--selected");
  document.getElementById(id)?.closest("td")?.classList.add("app-cell--selected");
}

function close() {
  const cell = document.getElementById(opened);
  panel().replaceChildren();
  select("");
  cell?.focus();
}

document.addEventListener("click", async (event) => {
  if (event.target.closest("[data-close-panel]")) return close();
  const cell = event.target.closest("[data-grid] .app-cell__link");
  const isPlain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey);
  if (!cell || !isPlain) return;
  event.preventDefault();
  const asAt = new URLSearchParams(window.location.search).get("as_at");
  const query = asAt ? `?as_at=${encodeURIComponent(asAt)}` : "";
  select(cell.id);
  await window.htmx.ajax("GET", `${new URL(cell.href).pathname}panel/${query}`, `#${PANEL}`);
  document.getElementById("panel-heading")?.focus();
});

// After new figures: keep the open cell highlighted, and one cell in the tab order.
document.addEventListener("htmx:afterSettle", () => {
  select(opened);
  setTabStop(document.activeElement);
});

setTabStop(null);
