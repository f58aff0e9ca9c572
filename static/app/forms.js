// Every form: errors, dates, unsaved entries, sending.

function focusErrors() {
  find(".errors")?.focus();
}

function addDayButtons() {
  for (const dateBox of findAll("input[data-today]")) {
    const buttons = document.createElement("div");
    buttons.className = "quick";
    for (const day of ["today", "yesterday"]) {
      buttons.append(makeButton(dateBox.dataset[`${day}Words`], "btn quiet", () => {
        dateBox.value = dateBox.dataset[day];
        dateBox.dispatchEvent(new Event("input", { bubbles: true }));
        dateBox.focus();
      }));
    }
    dateBox.after(buttons);
  }
}

// Warns before entries are lost, and sends a form only once.
function guardEntries() {
  for (const form of findAll("form[data-guard]")) {
    let changed = Boolean(find(".errors"));
    let sent = false;
    form.addEventListener("input", () => { changed = true; });
    form.addEventListener("submit", (event) => {
      if (sent) event.preventDefault();
      sent = true;
    });
    addEventListener("pageshow", () => { sent = false; });
    addEventListener("beforeunload", (event) => {
      if (changed && !sent) event.preventDefault();
    });
    // Starting from a known person replaces the entries on purpose.
    find(".prefill")?.addEventListener("submit", () => { changed = false; });
  }
}

function submitOnControlEnter() {
  addEventListener("keydown", (event) => {
    const form = event.target.closest?.("form");
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && form) form.requestSubmit();
  });
}

focusErrors();
addDayButtons();
guardEntries();
submitOnControlEnter();
