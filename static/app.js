// Niceties. Every page works without them.
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

// What is wrong is read out first.
$(".errors")?.focus();

// Today and Yesterday beside a date.
for (const box of $$("input[data-today]")) {
  const acts = document.createElement("div");
  acts.className = "quick";
  for (const day of ["today", "yesterday"]) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn quiet";
    button.textContent = box.dataset[`${day}Words`];
    button.addEventListener("click", () => {
      box.value = box.dataset[day];
      box.dispatchEvent(new Event("input", { bubbles: true }));
      box.focus();
    });
    acts.append(button);
  }
  box.after(acts);
}

// Copy what people paste elsewhere.
if (navigator.clipboard) {
  for (const text of $$("[data-copy]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn quiet copy";
    button.textContent = text.dataset.copy;
    button.addEventListener("click", () => navigator.clipboard.writeText(text.textContent));
    text.after(" ", button);
  }
}

// Entries that would be lost are asked about; a form is sent once.
for (const form of $$("form[data-guard]")) {
  let changed = Boolean($(".errors"));
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
  $(".prefill")?.addEventListener("submit", () => { changed = false; });
}

// The list follows the search box while one types.
const search = $("form.filters");
if (search) {
  let timer;
  let last;
  const show = async () => {
    const query = new URLSearchParams([...new FormData(search)].filter(([, value]) => value));
    const address = `${search.action}?${query}`;
    last?.abort();
    last = new AbortController();
    try {
      const answer = await fetch(address, { signal: last.signal });
      if (!answer.ok || answer.redirected) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const results = $("#results", page);
      if (!results) return;
      $("#results").replaceWith(results);
      for (const part of [".views", ".chips"]) {
        const [now, then] = [$(part), $(part, page)];
        if (now && then) now.replaceWith(then);
      }
      history.replaceState(null, "", address);
      said.textContent = $("#found")?.textContent ?? "";
    } catch (error) {
      if (error.name !== "AbortError") throw error;
    }
  };
  const said = document.createElement("p");
  said.className = "hide";
  said.setAttribute("role", "status");
  search.after(said);
  $("#q").addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(show, 250);
  });
}

// Ctrl+Enter sends the form one is in.
addEventListener("keydown", (event) => {
  const form = event.target.closest?.("form");
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && form) form.requestSubmit();
});
