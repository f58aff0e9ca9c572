// The form of a confirmation is filled in from a known person without a load.

function fillInPlace() {
  const group = find(".prefill");
  if (!group) return;
  const { form } = find("button", group);
  const buttons = findAll("button[name=prefill]", group);
  const names = ["first_name", "last_name", "email", "phone_number"];
  const valueOf = (button, name) => button.dataset[name] ?? "";
  // What was filled in from somebody known was not typed.
  const typed = (name) => {
    const text = form.elements[name].value;
    return buttons.some((button) => valueOf(button, name) === text.trim()) ? "" : text;
  };
  find(".filled", form).setAttribute("role", "status");
  const say = (text) => { find(".filled", form).textContent = text; };
  const fill = (button) => {
    const isSomebody = button.value !== "none";
    const differs = (name) => typed(name) && typed(name) !== valueOf(button, name);
    if (isSomebody && names.slice(0, 3).some(differs)) {
      say(group.dataset.kept);
      return;
    }
    for (const name of names) form.elements[name].value = typed(name) || valueOf(button, name);
    say(isSomebody ? group.dataset.check : "");
    form.dispatchEvent(new Event("input", { bubbles: true }));
    [...names.slice(0, 3), "date_agreed"].map((name) => form.elements[name]).find((box) => !box.value)?.focus();
  };
  for (const button of buttons) {
    button.type = "button";
    button.addEventListener("click", () => fill(button));
  }
  // Without scripts its buttons stand behind the one that saves, which Enter presses.
  find(".filled", form).before(group);
}

fillInPlace();
