// The first step of a new customer: what follows the country, who accepted, whether the domain is free.

function followCountry(wizard) {
  const countryBox = find("#country");
  const changeButton = find("[name=change_country]");
  changeButton.hidden = true;
  const requests = makeRequests();
  countryBox.addEventListener("change", async () => {
    const query = new URLSearchParams({ country: countryBox.value });
    const text = await requests.getText(`${wizard.dataset.byCountry}?${query}`);
    if (text === undefined) return;
    // The button asks the server in the way that needs no script.
    changeButton.hidden = text !== null;
    if (text !== null) replaceCountryParts(wizard, parsePage(text));
  });
}

function replaceCountryParts(wizard, page) {
  const focusedName = document.activeElement?.name;
  // A language that the former country brought makes way for that of the new one.
  const { culture, country_shown: shown } = wizard.elements;
  const brought = culture.value === shown.dataset.culture;
  for (const shown of findAll(".by-country")) {
    const fetched = page.getElementById(shown.id);
    if (!fetched) continue;
    for (const box of findAll("input:not([type=hidden]), select", fetched)) {
      if (box.name === "culture" && brought) continue;
      const typed = wizard.elements[box.name]?.value;
      // What was typed stays, unless the new country has no such choice.
      if (!typed) continue;
      if (box.tagName === "INPUT" || [...box.options].some((option) => option.value === typed)) box.value = typed;
    }
    shown.replaceWith(fetched);
  }
  if (focusedName && document.activeElement === document.body) wizard.elements[focusedName]?.focus?.();
}

function followAcceptor(wizard) {
  const otherPerson = find("#other-person");
  if (!otherPerson) return;
  const showOtherPerson = () => { otherPerson.hidden = !find("#acceptor-other").checked; };
  showOtherPerson();
  wizard.addEventListener("change", showOtherPerson);
  const contact = find("#acceptor");
  wizard.addEventListener("input", () => {
    const names = ["contact_first_name", "contact_last_name"].map((name) => wizard.elements[name].value.trim());
    const name = names.join(" ").trim();
    contact.nextElementSibling.textContent = name ? `${contact.dataset.name}, ${name}` : contact.dataset.name;
  });
}

function checkDomain() {
  const domain = find("[data-check]");
  const status = makeStatusLine("hint said");
  domain.after(status);
  const requests = makeRequests();
  const check = debounce(300, async (box) => {
    const query = new URLSearchParams([[box.name, box.value]]);
    const text = await requests.getText(`${domain.dataset.check}?${query}`);
    if (text != null) status.textContent = text;
  });
  find("input", domain).addEventListener("input", (event) => {
    // What is answered about an earlier entry no longer holds.
    requests.abort();
    check(event.target);
  });
}

function startWizard() {
  const wizard = find("#wizard");
  if (!wizard) return;
  followCountry(wizard);
  followAcceptor(wizard);
  checkDomain();
}

startWizard();
