// Copies tables with one row a line and one text a cell, so that they keep their rows in an email
// or a spreadsheet. Cells have lines, links and hidden words of their own on the page.

const NOT_COPIED = "script, style, template, iframe, input, select, textarea, button, dialog";

/** Returns a copy of the selected part of the page, in a table if it is a part of one. */
function copyOf(range) {
  const around = range.commonAncestorContainer;
  const element = around.nodeType === Node.ELEMENT_NODE ? around : around.parentElement;
  const copy = document.createElement("div");
  if (element.closest("td, th")) return copy; // a part of one cell is text like any other
  const parts = [range.cloneContents()];
  for (const part of ["tr", "tbody, thead, tfoot", "table"]) {
    const original = element.closest(part);
    if (!original) continue;
    const parent = original.cloneNode(false);
    parent.append(parts.pop());
    parts.push(parent);
  }
  copy.append(parts.pop());
  for (const part of copy.querySelectorAll(NOT_COPIED)) part.remove();
  return copy;
}

/** Makes every cell one line of text, with its link if it has one. */
function flatten(copy) {
  const cells = [...copy.querySelectorAll("td, th")].filter((cell) => !cell.querySelector("table"));
  for (const cell of cells) {
    const hidden = [...cell.querySelectorAll(".govuk-visually-hidden")];
    const isAllHidden = !cell.innerText.trim() ||
      hidden.some((part) => part.innerText.trim() === cell.innerText.trim());
    if (!isAllHidden) for (const part of hidden) part.remove();
  }
  const texts = cells.map((cell) => cell.innerText.replace(/\s+/g, " ").trim());
  for (const [place, cell] of cells.entries()) {
    const link = cell.querySelector("a[href]");
    cell.textContent = texts[place];
    if (!link || !texts[place]) continue;
    const anchor = document.createElement("a");
    anchor.href = link.href;
    anchor.textContent = texts[place];
    cell.replaceChildren(anchor);
  }
  for (const part of copy.querySelectorAll("table, caption, thead, tbody, tfoot, tr, td, th, col, colgroup")) {
    for (const { name } of [...part.attributes]) {
      if (!["colspan", "rowspan", "scope"].includes(name)) part.removeAttribute(name);
    }
  }
}

document.addEventListener("copy", (event) => {
  const selection = getSelection();
  if (selection.isCollapsed || event.target.closest?.("input, textarea")) return;
  const copy = copyOf(selection.getRangeAt(0));
  if (!copy.querySelector("tr")) return;
  copy.className = "govuk-visually-hidden";
  copy.inert = true;
  document.body.append(copy); // the text of a part of the page needs its layout
  flatten(copy);
  const text = copy.innerText;
  const html = copy.innerHTML;
  copy.remove();
  event.clipboardData.setData("text/plain", text);
  event.clipboardData.setData("text/html", html);
  event.preventDefault();
});
