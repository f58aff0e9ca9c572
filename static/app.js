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

// The browser's own print command, for whoever does not know where it is.
for (const place of $$("[data-print]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn primary";
  button.textContent = place.dataset.print;
  button.addEventListener("click", () => window.print());
  place.replaceWith(button);
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

// The wizard: what follows the country, who accepted, whether the domain is free.
const wizard = $("#wizard");
if (wizard) {
  const country = $("#country");
  const adapt = $("[name=change_country]");
  adapt.hidden = true;
  let asked;
  country.addEventListener("change", async () => {
    asked?.abort();
    asked = new AbortController();
    const { signal } = asked;
    const address = `${wizard.dataset.byCountry}?country=${encodeURIComponent(country.value)}`;
    const answer = await fetch(address, { signal }).catch(() => undefined);
    // Of two choices the later one counts, whichever is answered first.
    if (signal.aborted) return;
    adapt.hidden = Boolean(answer?.ok && !answer.redirected);
    if (!adapt.hidden) return;
    const text = await answer.text().catch(() => "");
    if (signal.aborted) return;
    const page = new DOMParser().parseFromString(text, "text/html");
    const focused = document.activeElement?.name;
    for (const now of $$(".by-country")) {
      const then = page.getElementById(now.id);
      // What was typed stays, unless the new country has no such choice.
      for (const box of $$("input, select", then ?? now)) {
        const typed = wizard.elements[box.name]?.value;
        if (typed && (box.tagName === "INPUT" || [...box.options].some((option) => option.value === typed))) box.value = typed;
      }
      if (then) now.replaceWith(then);
    }
    if (focused && document.activeElement === document.body) wizard.elements[focused]?.focus?.();
  });
  const other = $("#other-person");
  const who = () => { other.hidden = !$("#acceptor-other").checked; };
  if (other) {
    who();
    wizard.addEventListener("change", who);
    const contact = $("#acceptor");
    wizard.addEventListener("input", () => {
      const name = ["contact_first_name", "contact_last_name"].map((box) => wizard.elements[box].value.trim()).join(" ").trim();
      contact.nextElementSibling.textContent = name ? `${contact.dataset.name}, ${name}` : contact.dataset.name;
    });
  }
  const domain = $("[data-check]");
  const said = document.createElement("p");
  said.className = "hint said";
  said.setAttribute("role", "status");
  domain.after(said);
  let timer;
  let last;
  $("input", domain).addEventListener("input", (event) => {
    clearTimeout(timer);
    last?.abort();
    last = new AbortController();
    const { signal } = last;
    timer = setTimeout(async () => {
      const query = new URLSearchParams([[event.target.name, event.target.value]]);
      const answer = await fetch(`${domain.dataset.check}?${query}`, { signal }).catch(() => undefined);
      if (answer?.ok && !answer.redirected) said.textContent = await answer.text();
    }, 300);
  });
}

// Offers are found by name.
for (const place of $$("[data-find]")) {
  const label = document.createElement("label");
  const box = document.createElement("input");
  box.type = "search";
  box.id = "find-offer";
  box.autocomplete = "off";
  label.htmlFor = box.id;
  label.textContent = place.dataset.find;
  place.append(label, box);
  box.addEventListener("input", () => {
    const wanted = box.value.trim().toLowerCase();
    for (const offer of $$(".offers li")) {
      offer.hidden = !$("label", offer).textContent.toLowerCase().includes(wanted);
    }
    for (const group of $$("[data-category]")) group.hidden = !$("li:not([hidden])", group);
  });
  box.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
}

// The list follows the search box while one types.
const search = $("form.filters:has(#q)");
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
      for (const part of [".views", ".chips", "#export"]) {
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
