// The list of customers follows the search box while one types.

function followSearch() {
  const form = find("form.filters:has(#q)");
  if (!form) return;
  const status = makeStatusLine("hide");
  form.after(status);
  const requests = makeRequests();
  find("#q").addEventListener("input", debounce(250, async () => {
    const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
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
  for (const selector of [".views", ".chips", "#export"]) {
    const shown = find(selector);
    const fetched = find(selector, page);
    if (shown && fetched) shown.replaceWith(fetched);
  }
  return true;
}

followSearch();
