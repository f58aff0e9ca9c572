// Offers are found by name.

function addOfferSearch() {
  for (const place of findAll("[data-find]")) {
    const label = document.createElement("label");
    const searchBox = document.createElement("input");
    searchBox.type = "search";
    searchBox.id = "find-offer";
    searchBox.autocomplete = "off";
    label.htmlFor = searchBox.id;
    label.textContent = place.dataset.find;
    place.append(label, searchBox);
    searchBox.addEventListener("input", () => showOffersNamed(searchBox.value.trim().toLowerCase()));
    // Enter would send the order.
    searchBox.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  }
}

function showOffersNamed(part) {
  for (const offer of findAll(".offers li")) {
    offer.hidden = !find("label", offer).textContent.toLowerCase().includes(part);
  }
  for (const group of findAll("[data-category]")) group.hidden = !find("li:not([hidden])", group);
}

addOfferSearch();
