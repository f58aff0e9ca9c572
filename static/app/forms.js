// Every form: errors, dates, unsaved entries, sending.

function focusErrors() {
  find(".errors")?.focus();
}

// The day that it is now in a time zone, or some days from then: a time within that day in UTC.
function dayIn(timeZone, days = 0) {
  const day = new Date(`${new Intl.DateTimeFormat("sv", { timeZone }).format()}T12:00Z`);
  day.setUTCDate(day.getUTCDate() + days);
  return day;
}

function writtenDay(day) {
  const language = document.documentElement.lang === "nl" ? "nl" : "en-GB";
  return day.toLocaleDateString(language, { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
}

function addDayButtons() {
  for (const dateBox of findAll("input[data-zone]")) {
    const { zone } = dateBox.dataset;
    // A page may be older than what is typed into it.
    dateBox.addEventListener("input", () => {
      dateBox.form.elements.entered_on.value = dayIn(zone).toISOString().slice(0, 10);
    });
    const buttons = document.createElement("div");
    buttons.className = "quick";
    for (const [words, days] of [["today", 0], ["yesterday", -1]]) {
      buttons.append(makeButton(dateBox.dataset[words], "btn", () => {
        dateBox.value = writtenDay(dayIn(zone, days));
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
addDateHelp();
guardEntries();
submitOnControlEnter();
