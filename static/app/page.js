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
    place.replaceWith(makeButton(place.dataset.print, place.dataset.look ?? "btn primary", () => window.print()));
  }
}

// A form of choices that acts at once: what the address it leads to shows takes the place of what is shown.
function actAtOnce() {
  for (const place of findAll("[data-at-once]")) {
    const target = place.dataset.atOnce;
    const status = makeStatusLine("hide");
    find("main").append(status);
    const requests = makeRequests();
    find("main").addEventListener("change", async (event) => {
      const form = event.target.closest("[data-at-once]");
      if (!form) return;
      const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
      const address = `${form.action}?${query}`;
      const text = await requests.getText(address);
      if (text === undefined) return;
      const page = text === null ? null : parsePage(text);
      const fetched = page && find(target, page);
      if (!fetched) return form.requestSubmit();
      const focused = document.activeElement?.id;
      find(target).replaceWith(fetched);
      for (const selector of ["#export", "#export-form"]) {
        const shown = find(selector);
        const other = find(selector, page);
        if (shown && other) shown.replaceWith(other);
      }
      document.documentElement.classList.add("at-once");
      if (focused) document.getElementById(focused)?.focus();
      history.replaceState(null, "", address);
      status.textContent = find("#h-headline")?.textContent ?? "";
    });
    document.documentElement.classList.add("at-once");
  }
}

actAtOnce();
addCopyButtons();
addPrintButtons();
