// Beside a date box: the browser's own calendar, and what the portal reads in words below it.

function addDateHelp() {
  for (const box of findAll("input[data-reader]")) {
    addCalendar(box);
    readBack(box);
  }
}

function addCalendar(box) {
  const calendar = document.createElement("input");
  if (!calendar.showPicker) return;
  calendar.type = "date";
  calendar.tabIndex = -1;
  calendar.setAttribute("aria-hidden", "true");
  calendar.setAttribute("aria-label", box.dataset.calendar);
  calendar.className = "calendar";
  calendar.addEventListener("change", () => {
    box.value = calendar.value;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.focus();
  });
  find(".quick", box.parentElement).prepend(
    calendar,
    makeButton(box.dataset.calendar, "btn", () => calendar.showPicker()),
  );
}

function readBack(box) {
  const line = makeStatusLine("read-back");
  find(".quick", box.parentElement).after(line);
  const requests = makeRequests();
  const read = debounce(200, async () => {
    const text = await requests.getText(`${box.dataset.reader}?${new URLSearchParams({ value: box.value })}`);
    if (text != null) line.textContent = JSON.parse(text).words ?? "";
  });
  box.addEventListener("input", () => {
    // What was read of an earlier entry no longer holds.
    requests.abort();
    line.textContent = "";
    if (box.value.trim()) read();
  });
}
