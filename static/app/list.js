// The list of customers follows the search box while one types.

function followSearch() {
  const form = find("form.filters:has(#q)");
  if (!form) return;
  const status = makeStatusLine("hide");
  form.after(status);
  const requests = makeRequests();
  find("#q").addEventListener("input", debounce(250, async () => {
    const query = new URLSearchParams([...new FormData(form)].filter(([name, value]) => value && name !== "open"));
    const address = `${form.action}?${query}`;
    const text = await requests.getText(address);
    if (text == null || !showResults(parsePage(text))) return;
    history.replaceState(null, "", address);
    status.textContent = find("#found")?.textContent ?? "";
  }));
}

// Whether the page that was fetched has results, which are shown then, with what belongs to them.
function showResults(page) {
  const results = find("#results", page);
  if (!results) return false;
  find("#results").replaceWith(results);
  for (const selector of [".views", ".chips", "#commands"]) {
    const shown = find(selector);
    const fetched = find(selector, page);
    if (shown && fetched) shown.replaceWith(fetched);
  }
  addPagePick();
  return true;
}

// Rows that are picked to be confirmed together: all of the page at once, and how many there are.
function addPagePick() {
  const head = find("[data-pick]");
  if (!head) return;
  const rows = () => findAll("input[name=customer]");
  find("#picked").setAttribute("role", "status");
  const all = document.createElement("input");
  all.type = "checkbox";
  all.setAttribute("aria-label", head.dataset.pick);
  head.append(all);
  all.addEventListener("change", () => {
    for (const row of rows()) row.checked = all.checked;
  });
  find("#selection").addEventListener("change", () => {
    const picked = rows().filter((row) => row.checked).length;
    const count = find("#picked");
    count.textContent = picked ? count.dataset.picked.replace("#", picked) : "";
    all.checked = picked > 0 && picked === rows().length;
    all.indeterminate = picked > 0 && picked < rows().length;
  });
}

followSearch();
addPagePick();
