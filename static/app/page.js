// Texts to copy and pages to print.

function addCopyButtons() {
  if (!navigator.clipboard) return;
  for (const source of findAll("[data-copy]")) {
    const copy = () => navigator.clipboard.writeText(source.textContent);
    source.after(" ", makeButton(source.dataset.copy, "btn quiet copy", copy));
  }
}

function addPrintButtons() {
  for (const place of findAll("[data-print]")) {
    place.replaceWith(makeButton(place.dataset.print, "btn primary", () => window.print()));
  }
}

addCopyButtons();
addPrintButtons();
