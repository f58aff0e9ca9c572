import assert from 'node:assert/strict';
import { isWellFormed, saysWhatIsWrong } from './checks.mjs';
import { killAndRestart, scenario, screenshot } from './support.mjs';
import {
  block, drafts, field, fill, follow, heading, newCompany, resume, reveal, save, seen, signIn, signOut, someone,
  startCustomer, switchAccount, trySignIn, updateLink, values, visit, wizardStep,
} from './verbs.mjs';
import { accounts, day, typed, words, written } from './words.mjs';

const EMAIL = 'sales@noordster.example';
const OTHER = ['first_name', 'last_name', 'email', 'phone_number'];

/** Opens step 1 and fills it in, with the acceptance ticked unless told otherwise. */
async function fillStep1(page, company, { accepted = true } = {}) {
  await startCustomer(page, company);
  if (accepted) {
    await page.locator('#accepted').check();
    await fill(page, { date_agreed: typed(day(-1)) });
  }
}

async function quantity(page, offer, number) {
  await page.locator('main').getByLabel(offer, { exact: true }).fill(number);
}

/** How many customers have the company's domain. */
async function customersOf(page, { domain_prefix }) {
  await visit(page, `/customers?q=${domain_prefix}.onmicrosoft.com`);
  return page.locator('main table tbody tr').count();
}

async function toReview(page, company, options) {
  await fillStep1(page, company, options);
  assert.equal(await save(page), 200);
  assert.match(page.url(), /\/subscriptions$/);
  assert.equal(await save(page), 200);
  assert.match(page.url(), /\/review$/);
}

// The main walk: from the list of customers to the page that hands over the administrator's password.
for (const { width, language, scripts } of [
  { width: 1280, language: 'en', scripts: true },
  { width: 320, language: 'nl', scripts: true },
  { width: 320, language: 'en', scripts: false },
  { width: 1280, language: 'nl', scripts: false },
]) {
  const how = `${language}, ${width} px, scripts ${scripts ? 'on' : 'off'}`;
  scenario(`an agent creates a customer with a confirmation and an order (${how})`, { as: 'sales', width, language, scripts }, async (page) => {
    const w = words[language];
    await visit(page, '/customers');
    await follow(page, () => page.getByRole('link', { name: w.newCustomer, exact: true }).click());
    assert.equal(await wizardStep(page), 1);
    assert.equal(await heading(page), w.accountInfo);
    await isWellFormed(page);
    const company = newCompany();
    await fillStep1(page, { ...company, domain_prefix: `https://www.${company.domain_prefix}.onmicrosoft.com/`, postal_code: '1091cc' });
    await follow(page, () => page.getByRole('button', { name: w.next, exact: true }).click());

    assert.equal(await wizardStep(page), 2);
    assert.equal(await heading(page), w.subscriptions);
    await isWellFormed(page);
    await quantity(page, 'Exchange Online (Plan 1)', '25');
    await follow(page, () => page.getByRole('button', { name: w.next, exact: true }).click());

    assert.equal(await wizardStep(page), 3);
    assert.equal(await heading(page), w.review);
    await isWellFormed(page);
    const review = await seen(page.locator('main'));
    for (const part of [company.company_name, `${company.domain_prefix}.onmicrosoft.com`, 'Ruyschstraat 48', '1091 CC Amsterdam', 'Lotte van der Berg', company.contact_email, 'Exchange Online (Plan 1): 25']) {
      assert.ok(review.includes(part), `${part} in: ${review}`);
    }
    assert.match(review, written(day(-1), language));
    await follow(page, () => page.getByRole('button', { name: w.createCustomer, exact: true }).click());

    assert.equal(await wizardStep(page), 4);
    assert.equal(await heading(page), w.customerCreated);
    await isWellFormed(page);
    const created = page.url();
    const id = created.split('/').at(-2);
    const said = await seen(page.locator('main'));
    for (const part of [id, `admin@${company.domain_prefix}.onmicrosoft.com`, w.confirmed, 'Lotte van der Berg', 'Exchange Online (Plan 1): 25']) {
      assert.ok(said.includes(part), `${part} in: ${said}`);
    }
    assert.match(said, written(day(-1), language));
    const password = await page.locator('#temporary-password').innerText();
    assert.match(password, /^[A-Za-z2-9]{16}$/);
    await visit(page, created);
    assert.equal(await page.locator('#temporary-password').count(), 0, 'the password is shown once');
    assert.ok(!(await page.content()).includes(password));
    assert.ok((await seen(page.locator('main'))).includes(w.passwordShown));

    await visit(page, `/customers/${id}/account`);
    const agreement = await seen(block(page, w.agreement));
    for (const part of [w.confirmed, 'Lotte van der Berg', company.contact_email]) assert.ok(agreement.includes(part), `${part} in: ${agreement}`);
    assert.match(agreement, written(day(-1), language));
    assert.equal(await customersOf(page, company), 1);
    assert.ok(!(await drafts(page)).includes(company.company_name), 'the draft has become the customer');
  });
}

scenario('a customer with a confirmation is created with the keyboard alone', { as: 'sales' }, async (page) => {
  const company = newCompany();
  const typed = { ...company, date_agreed: 'today' };
  await visit(page, '/customers/new');
  const reach = async (name) => {
    for (let tabs = 0; tabs < 60; tabs += 1) {
      await page.keyboard.press('Tab');
      if ((await page.evaluate(() => document.activeElement.name)) === name) return;
    }
    throw new Error(`Tab never reaches ${name}`);
  };
  for (const name of ['company_name', 'domain_prefix', 'address_line1', 'postal_code', 'city', 'contact_first_name', 'contact_last_name', 'contact_email']) {
    await reach(name);
    await page.keyboard.type(typed[name]);
  }
  await reach('accepted');
  await page.keyboard.press('Space');
  await reach('date_agreed');
  await page.keyboard.type(typed.date_agreed);
  await follow(page, () => page.keyboard.press('Enter'));
  assert.equal(await wizardStep(page), 2);
  await reach('quantity');
  await page.keyboard.type('25');
  await follow(page, () => page.keyboard.press('Enter'));
  assert.equal(await wizardStep(page), 3);
  const create = page.getByRole('button', { name: words.en.createCustomer });
  for (let tabs = 0; tabs < 60 && !(await create.evaluate((button) => button === document.activeElement)); tabs += 1) await page.keyboard.press('Tab');
  await follow(page, () => page.keyboard.press('Enter'));
  assert.match(page.url(), /\/created$/);
  const said = await seen(page.locator('main'));
  for (const part of [words.en.confirmed, 'Lotte van der Berg', 'Exchange Online (Plan 1): 25']) assert.ok(said.includes(part), `${part} in: ${said}`);
  assert.match(said, written(day()));
});

scenario('the fields of another person appear when somebody else accepted', { as: 'sales' }, async (page) => {
  await fillStep1(page, newCompany());
  for (const name of OTHER) assert.ok(await field(page, name).isHidden(), name);
  assert.equal(await page.locator('label[for=acceptor]').innerText(), 'The primary contact, Lotte van der Berg');
  await page.getByLabel(words.en.someoneElse, { exact: true }).check();
  for (const name of OTHER) assert.ok(await field(page, name).isVisible(), name);
  await fill(page, { first_name: 'Wim', last_name: 'Hartog', email: 'wim' });
  assert.equal(await save(page), 422);
  await saysWhatIsWrong(page, { email: words.en.emailForm });
  assert.ok(await field(page, 'email').isVisible(), 'they stay open with an error');
  await fill(page, { email: 'wim@hartog.example' });
  await save(page);
  await save(page);
  assert.match(await seen(page.locator('#agreement')), /Wim Hartog/);
});

scenario('without scripts the fields of another person are there, and ignored unless chosen', { as: 'sales', scripts: false }, async (page) => {
  await fillStep1(page, newCompany());
  for (const name of OTHER) assert.ok(await field(page, name).isVisible(), name);
  await fill(page, { first_name: 'Wim', email: 'nobody' });
  assert.equal(await save(page), 200);
  await save(page);
  assert.match(await seen(page.locator('#agreement')), /Lotte van der Berg/);
});

scenario('without scripts another person is recorded when chosen', { as: 'sales', scripts: false }, async (page) => {
  const person = someone();
  await fillStep1(page, newCompany());
  await page.getByLabel(words.en.someoneElse, { exact: true }).check();
  await fill(page, { first_name: person.first_name });
  assert.equal(await save(page), 422);
  await saysWhatIsWrong(page, { last_name: words.en.lastNameMissing, email: words.en.emailMissing });
  assert.ok(await page.getByLabel(words.en.someoneElse, { exact: true }).isChecked());
  await fill(page, person);
  await save(page);
  await save(page);
  const agreement = await seen(page.locator('#agreement'));
  for (const part of [`${person.first_name} ${person.last_name}`, person.email]) assert.ok(agreement.includes(part), `${part} in: ${agreement}`);
});

scenario('another country brings its fields at once and keeps what was typed', { as: 'sales' }, async (page) => {
  const company = newCompany();
  await fillStep1(page, company);
  assert.equal(await page.locator('[name=state]').count(), 0);
  await page.evaluate(() => { window.stays = true; });
  await page.locator('#country').selectOption('US');
  await page.locator('#state').waitFor();
  await page.locator('#state').selectOption('WA');
  assert.deepEqual(await values(page, ['company_name', 'city', 'postal_code']), { company_name: company.company_name, city: 'Amsterdam', postal_code: company.postal_code });
  await page.locator('#country').selectOption('HU');
  await page.locator('[name=country_shown][value=HU]').waitFor({ state: 'attached' });
  assert.equal(await page.evaluate(() => window.stays), true, 'the page was not loaded again');
  assert.ok(await page.locator('[name=change_country]').isHidden());
});

scenario('the language follows the country until another is chosen', { as: 'sales' }, async (page) => {
  await visit(page, '/customers/new');
  const culture = page.locator('#culture');
  const adapt = async (country) => {
    await page.locator('#country').selectOption(country);
    await page.locator(`[name=country_shown][value=${country}]`).waitFor({ state: 'attached' });
  };
  for (const [country, language] of [['US', 'en-US'], ['GB', 'en-GB'], ['NL', 'nl-NL'], ['BE', 'fr-BE']]) {
    await adapt(country);
    assert.equal(await culture.inputValue(), language);
  }
  await culture.selectOption('en-US');
  await adapt('NL');
  assert.equal(await culture.inputValue(), 'en-US');
});

scenario('without scripts a button brings the fields of another country, and everything is kept', { as: 'sales', scripts: false }, async (page) => {
  const entries = { ...newCompany(), ...someone(), address_line2: 'Achterhuis', date_agreed: '20 nov 2025' };
  await fillStep1(page, entries);
  await fill(page, { date_agreed: entries.date_agreed });
  await page.getByLabel(words.en.someoneElse, { exact: true }).check();
  const adapt = async (country) => {
    await page.locator('#country').selectOption(country);
    assert.equal(await follow(page, () => page.getByRole('button', { name: words.en.changeCountry }).click()), 200);
    assert.equal(await page.locator('.errors').count(), 0, 'nothing is judged yet');
    assert.deepEqual(await values(page, ['country', ...Object.keys(entries)]), { country, ...entries });
    assert.ok(await page.locator('#accepted').isChecked());
    assert.ok(await page.getByLabel(words.en.someoneElse, { exact: true }).isChecked());
  };
  await adapt('US');
  assert.ok((await page.locator('#state option').count()) > 50);
  await isWellFormed(page);
  await adapt('NL');
  assert.equal(await page.locator('[name=state]').count(), 0);
});

scenario('whether a domain is free is said while one types', { as: 'sales' }, async (page) => {
  const company = newCompany();
  await toReview(page, company);
  await save(page);
  await visit(page, '/customers/new');
  const said = page.locator('.said');
  await fill(page, { domain_prefix: company.domain_prefix });
  await said.filter({ hasText: 'exists already' }).waitFor();
  await fill(page, { domain_prefix: `${company.domain_prefix}x` });
  await said.filter({ hasText: 'None of your customers uses this domain.' }).waitFor();
});

for (const language of ['en', 'nl']) {
  scenario(`what is wrong is said at its field and everything typed is kept (${language})`, { as: 'sales', language }, async (page) => {
    const w = words[language];
    await visit(page, '/customers/new');
    await fill(page, { ...newCompany(), company_name: '', address_line2: 'Achterhuis', contact_email: 'anna@bakkerij' });
    await page.locator('#accepted').check();
    assert.equal(await save(page), 422);
    await saysWhatIsWrong(page, { company_name: w.companyMissing, contact_email: w.emailForm, date_agreed: w.dateMissing });
    assert.deepEqual(await values(page, ['address_line2', 'contact_email']), { address_line2: 'Achterhuis', contact_email: 'anna@bakkerij' });
    await isWellFormed(page);
  });
}

scenario('a wrong number of licences is said at its box and kept', { as: 'sales' }, async (page) => {
  await fillStep1(page, newCompany());
  await save(page);
  await quantity(page, 'Exchange Online (Plan 1)', '12,5');
  await quantity(page, 'Microsoft 365 Business Basic', '301');
  await quantity(page, 'Power BI Pro', '0');
  assert.equal(await save(page), 422);
  assert.match(await page.title(), /^Error:/);
  assert.deepEqual(await page.locator('.errors li').allInnerTexts(), [
    'Exchange Online (Plan 1): Enter a whole number of 1 or more',
    'Microsoft 365 Business Basic: Enter a number from 1 to 300',
    'Power BI Pro: Enter a whole number of 1 or more',
  ]);
  for (const link of await page.locator('.errors a').all()) {
    const box = page.locator(await link.getAttribute('href'));
    assert.equal(await box.getAttribute('name'), 'quantity');
    assert.equal(await box.getAttribute('aria-invalid'), 'true');
    const [, message] = (await seen(link)).split(': ');
    const described = (await box.getAttribute('aria-describedby')).split(' ').map((id) => `#${id}`).join(', ');
    assert.ok((await page.locator(described).allInnerTexts()).some((text) => text.includes(message)), message);
  }
  assert.equal(await page.locator('main').getByLabel('Microsoft 365 Business Basic', { exact: true }).inputValue(), '301');
  await page.getByLabel('Azure', { exact: true }).check();
  assert.ok(await page.locator('main').getByLabel('Microsoft 365 Business Basic', { exact: true }).isHidden(), 'a category hides the others');
});

for (const { language, scripts } of [{ language: 'en', scripts: true }, { language: 'nl', scripts: false }]) {
  scenario(`without a tick nothing can be ordered, and the customer is not confirmed (${language}, scripts ${scripts ? 'on' : 'off'})`, { as: 'sales', language, scripts }, async (page) => {
    const w = words[language];
    const company = newCompany();
    await fillStep1(page, company, { accepted: false });
    await save(page);
    assert.ok((await seen(page.locator('main'))).includes(w.nothingToOrder));
    assert.equal(await page.locator('[name=offer_id]').count(), 0);
    await follow(page, () => page.getByRole('link', { name: w.backToAgreement, exact: true }).click());
    assert.equal(await wizardStep(page), 1);
    assert.equal(new URL(page.url()).hash, '#agreement');
    assert.deepEqual(await values(page, Object.keys(company)), company);
    await save(page);
    await save(page);
    const review = await seen(page.locator('#agreement'));
    assert.ok(review.includes(w.notConfirmed), review);
    assert.match(review, w.consequence);
    await save(page);
    assert.ok((await seen(page.locator('main'))).includes(w.notConfirmed));
    assert.match(await page.locator('#temporary-password').innerText(), /^[A-Za-z2-9]{16}$/);
    await visit(page, page.url().replace(/created$/, 'account'));
    assert.ok((await seen(block(page, w.agreement))).includes(w.notConfirmed));
    assert.ok(await updateLink(page).isVisible());
  });
}

scenario('a draft is kept at every step, through signing out, and discarded at will', { as: 'sales' }, async (page, { password }) => {
  const company = { ...newCompany(), address_line2: 'Achterhuis', contact_email: 'lotte' };
  const before = await drafts(page);
  const again = async (step) => {
    await signOut(page);
    await signIn(page, { email: EMAIL, password });
    assert.deepEqual((await drafts(page)).sort(), [...before, company.company_name].sort());
    await resume(page, company.company_name);
    assert.equal(await wizardStep(page), step);
  };
  await fillStep1(page, company);
  assert.equal(await save(page), 422);
  await again(1);
  assert.deepEqual(await values(page, [...Object.keys(company), 'date_agreed']), { ...company, date_agreed: typed(day(-1)) });
  assert.ok(await page.locator('#accepted').isChecked());
  await fill(page, { contact_email: 'lotte@hartog.example' });
  await save(page);
  await again(2);
  await quantity(page, 'Exchange Online (Plan 1)', '12,5');
  assert.equal(await save(page), 422);
  await again(2);
  assert.equal(await page.locator('main').getByLabel('Exchange Online (Plan 1)', { exact: true }).inputValue(), '12,5');
  await quantity(page, 'Exchange Online (Plan 1)', '25');
  await save(page);
  await again(3);
  const review = await seen(page.locator('main'));
  for (const part of [company.company_name, 'Achterhuis', 'lotte@hartog.example', 'Exchange Online (Plan 1): 25 licences']) {
    assert.ok(review.includes(part), `${part} in: ${review}`);
  }
  const address = page.url();
  await follow(page, () => page.getByRole('button', { name: words.en.discardDraft }).click());
  assert.ok((await seen(page.locator('main'))).includes(words.en.draftDiscarded));
  assert.deepEqual(await drafts(page), before);
  assert.equal(await visit(page, address), 404);
});

scenario('a draft is discarded from the list of customers', { as: 'sales' }, async (page) => {
  const company = newCompany();
  await toReview(page, company);
  await visit(page, '/customers');
  const before = await drafts(page);
  assert.ok(before.includes(company.company_name));
  const button = page.locator('main .drafts li').filter({ hasText: company.company_name }).locator('button');
  await reveal(button);
  await follow(page, () => button.click());
  assert.ok((await seen(page.locator('main'))).includes(words.en.draftDiscarded));
  assert.deepEqual(await drafts(page), before.filter((draft) => draft !== company.company_name));
});

scenario('a change on Review returns to Review', { as: 'sales' }, async (page) => {
  await fillStep1(page, newCompany());
  await save(page);
  await quantity(page, 'Exchange Online (Plan 1)', '25');
  await save(page);
  const changes = [
    ['company', () => fill(page, { city: 'Rotterdam' }), /Rotterdam/],
    ['contact', () => fill(page, { contact_first_name: 'Femke' }), /Femke van der Berg/],
    ['agreement', () => fill(page, { date_agreed: 'today' }), written(day())],
    ['subscriptions', () => quantity(page, 'Exchange Online (Plan 1)', '30'), /Exchange Online \(Plan 1\): 30/],
  ];
  for (const [card, change, said] of changes) {
    await follow(page, () => page.locator(`#${card}`).getByRole('link', { name: words.en.change }).click());
    await change();
    assert.equal(await save(page), 200);
    assert.equal(await wizardStep(page), 3, card);
    assert.match(await seen(page.locator(`#${card}`)), said);
  }
  assert.match(await seen(page.locator('#agreement')), /Femke van der Berg/);
});

for (const [how, both] of [
  ['one after the other', async (first, second) => { await first(); await second(); }],
  ['at once', (first, second) => Promise.all([first(), second()])],
]) {
  scenario(`two tabs of one Review, sent ${how}, create one customer`, { as: 'sales' }, async (page, { context }) => {
    const company = newCompany();
    await toReview(page, company);
    const other = await context.newPage();
    await other.goto(page.url());
    await both(() => save(page), () => save(other));
    assert.match(page.url(), /\/created$/);
    assert.equal(other.url(), page.url());
    const shown = await Promise.all([page, other].map((tab) => tab.locator('#temporary-password').count()));
    assert.deepEqual(shown.sort(), [0, 1], 'one of them shows the password');
    assert.equal(await customersOf(page, company), 1);
  });
}

scenario('a draft outlives a server that is killed after each step', { as: 'sales' }, async (page, { password }) => {
  const company = newCompany();
  const restart = async (step) => {
    await killAndRestart();
    // The demo sets its passwords at each start, which ends the sessions.
    await page.context().clearCookies();
    await signIn(page, { email: EMAIL, password });
    await resume(page, company.company_name);
    assert.equal(await wizardStep(page), step);
  };
  await fillStep1(page, company);
  await save(page);
  await restart(2);
  await quantity(page, 'Exchange Online (Plan 1)', '25');
  await save(page);
  await restart(3);
  await screenshot(page, 'review after a restart');
  const review = await seen(page.locator('main'));
  for (const part of [company.company_name, company.contact_email, 'Exchange Online (Plan 1): 25']) assert.ok(review.includes(part), `${part} in: ${review}`);
  await save(page);
  assert.match(page.url(), /\/created$/);
  assert.match(await page.locator('#temporary-password').innerText(), /^[A-Za-z2-9]{16}$/);
});

scenario('an indirect provider chooses the reseller of the customer, and confirms', { as: 'admin' }, async (page) => {
  await switchAccount(page, accounts.indirectProvider);
  await fillStep1(page, newCompany());
  const [none, reseller] = await page.locator('#associated_partner_id option').allInnerTexts();
  assert.equal(none, words.en.noReseller);
  await page.locator('#associated_partner_id').selectOption(reseller);
  await save(page);
  await quantity(page, 'Exchange Online (Plan 1)', '25');
  await save(page);
  const [name] = reseller.split(' (');
  assert.ok((await seen(page.locator('#company'))).includes(name), name);
  await save(page);
  const said = await seen(page.locator('main'));
  for (const part of [words.en.confirmed, 'Lotte van der Berg', 'Exchange Online (Plan 1): 25']) assert.ok(said.includes(part), `${part} in: ${said}`);
});

scenario('in the account of an indirect reseller every step says that the provider confirms', { as: 'admin' }, async (page) => {
  await switchAccount(page, accounts.indirectReseller);
  await startCustomer(page, newCompany());
  assert.equal(await page.locator('#associated_partner_id, #accepted').count(), 0);
  assert.match(await seen(page.locator('#agreement')), words.en.indirectProvider);
  await save(page);
  assert.match(await seen(page.locator('main')), words.en.indirectProvider);
  assert.equal(await page.locator('[name=offer_id]').count(), 0);
  await save(page);
  assert.match(await seen(page.locator('#agreement')), words.en.indirectProvider);
  await save(page);
  const said = await seen(page.locator('main'));
  assert.ok(said.includes(words.en.notConfirmed), said);
  assert.match(said, words.en.indirectProvider);
});

scenario('in a national cloud the agreement does not apply, and nothing is held up', { as: 'admin' }, async (page) => {
  await switchAccount(page, accounts.nationalCloud);
  await startCustomer(page, newCompany());
  assert.equal(await page.locator('#accepted').count(), 0);
  assert.ok((await seen(page.locator('#agreement'))).includes(words.en.notApplicableText));
  await save(page);
  await quantity(page, 'Exchange Online (Plan 1)', '25');
  await save(page);
  assert.ok((await seen(page.locator('#agreement'))).includes(words.en.notApplicable));
  await save(page);
  const said = await seen(page.locator('main'));
  for (const part of [words.en.notApplicable, 'Exchange Online (Plan 1): 25']) assert.ok(said.includes(part), `${part} in: ${said}`);
});

const IN_THE_UNITED_STATES = { postal_code: '98052-6399', city: 'Redmond' };

scenario('a customer in a country with states is created with one', { as: 'sales' }, async (page) => {
  const company = { ...newCompany(), ...IN_THE_UNITED_STATES };
  await fillStep1(page, company);
  await page.locator('#country').selectOption('US');
  await page.locator('#state').waitFor();
  assert.equal(await save(page), 422);
  await saysWhatIsWrong(page, { state: undefined });
  await page.locator('#state').selectOption('WA');
  assert.equal(await save(page), 200);
  await save(page);
  assert.match(await seen(page.locator('#company')), /Redmond.*WA|Redmond.*Washington/);
  assert.match(await seen(page.locator('#company')), /United States/);
});

for (const scripts of [true, false]) {
  scenario(`a country that asks for a registration number and a phone number gets both (scripts ${scripts ? 'on' : 'off'})`, { as: 'sales', scripts }, async (page) => {
    const company = { ...newCompany(), postal_code: '1054', city: 'Budapest' };
    await fillStep1(page, company);
    await page.locator('#country').selectOption('HU');
    if (!scripts) await follow(page, () => page.getByRole('button', { name: words.en.changeCountry }).click());
    await page.locator('[name=country_shown][value=HU]').waitFor({ state: 'attached' });
    assert.equal(await save(page), 422);
    await saysWhatIsWrong(page, {
      organization_registration_number: words.en.registrationMissing, contact_phone_number: words.en.contactPhoneMissing,
    });
    await fill(page, { organization_registration_number: '01234567890', contact_phone_number: '+36 1 234 5678' });
    assert.equal(await save(page), 200);
    await save(page);
    const review = await seen(page.locator('main'));
    for (const part of ['Hungary', '01234567890', '+36 1 234 5678']) assert.ok(review.includes(part), `${part} in: ${review}`);
  });

  scenario(`a country without states forgets the state of another (scripts ${scripts ? 'on' : 'off'})`, { as: 'sales', scripts }, async (page) => {
    const company = newCompany();
    const choose = async (country) => {
      await page.locator('#country').selectOption(country);
      if (!scripts) await follow(page, () => page.getByRole('button', { name: words.en.changeCountry }).click());
    };
    await fillStep1(page, company);
    await choose('US');
    await page.locator('#state').waitFor();
    await page.locator('#state').selectOption('WA');
    await choose('NL');
    if (scripts) await page.locator('#state').waitFor({ state: 'detached' });
    else await fill(page, { state: '' });
    assert.equal(await save(page), 200);
    await save(page);
    assert.doesNotMatch(await seen(page.locator('#company')), /WA|Washington/);
  });
}

scenario('the fields are those of the country chosen last, however late an answer comes', { as: 'sales' }, async (page) => {
  await visit(page, '/customers/new');
  let release;
  const held = new Promise((resolve) => { release = resolve; });
  await page.route(/country=US/, async (route) => {
    await held;
    await route.continue();
  });
  const over = (event) => page.waitForEvent(event, (request) => request.url().includes('country=US'));
  const late = Promise.any([over('requestfinished'), over('requestfailed')]);
  await page.locator('#country').selectOption('US');
  await page.locator('#country').selectOption('HU');
  await page.locator('[name=country_shown][value=HU]').waitFor({ state: 'attached' });
  release();
  await late;
  await page.evaluate(() => new Promise((done) => { setTimeout(done); })); // what follows an answer comes before this
  assert.equal(await page.locator('#country').inputValue(), 'HU');
  assert.equal(await page.locator('#state').count(), 0, 'no fields of the United States');
  assert.ok(await field(page, 'organization_registration_number').isVisible());
});

for (const { language, scripts } of [{ language: 'en', scripts: true }, { language: 'nl', scripts: true }, { language: 'nl', scripts: false }]) {
  scenario(`an empty form says everything that is missing (${language}, scripts ${scripts ? 'on' : 'off'})`, { as: 'sales', language, scripts }, async (page) => {
    const w = words[language];
    await visit(page, '/customers/new');
    await page.locator('#accepted').check();
    await page.locator('#acceptor-other').check();
    assert.equal(await save(page), 422);
    await saysWhatIsWrong(page, {
      company_name: w.companyMissing,
      domain_prefix: w.domainMissing,
      address_line1: w.addressMissing,
      postal_code: w.postalCodeMissing,
      city: w.cityMissing,
      contact_first_name: w.contactFirstMissing,
      contact_last_name: w.contactLastMissing,
      contact_email: w.contactEmailMissing,
      date_agreed: w.dateMissing,
      first_name: w.firstNameMissing,
      last_name: w.lastNameMissing,
      email: w.emailMissing,
    });
    assert.ok(await page.locator('#accepted').isChecked());
    assert.ok(await page.locator('#acceptor-other').isChecked());
    if (scripts) await page.locator('.errors:focus').waitFor();
    for (const link of await page.locator('.errors a').all()) {
      const name = (await link.getAttribute('href')).slice(1);
      await link.click();
      assert.equal(await page.evaluate(() => document.activeElement.name), name, 'the link leads to its field');
    }
  });
}

scenario('an acceptance from before the version is asked about, and recorded once it is ticked', { as: 'sales' }, async (page) => {
  await fillStep1(page, newCompany());
  await fill(page, { date_agreed: '2 Jan 2012' });
  assert.equal(await save(page), 422);
  assert.match(await seen(page.locator('.errors li').first()), words.en.olderThanVersion);
  await page.locator('#older_than_version').check();
  assert.equal(await save(page), 200);
  await save(page);
  await save(page);
  assert.match(page.url(), /\/created$/);
  assert.match(await seen(page.locator('main')), written({ year: 2012, month: 1, day: 2 }));
});

/** Sends the form of a session that has ended, signs in again, and is back in the same step. */
async function sendSignedOut(page, { context, password }) {
  const [here, step] = [new URL(page.url()).pathname, await wizardStep(page)];
  await context.clearCookies({ name: /countersign$/ });
  assert.equal(await save(page), 401);
  assert.ok((await trySignIn(page, { email: EMAIL, password })) < 300);
  assert.deepEqual([new URL(page.url()).pathname, await wizardStep(page)], [here, step]);
  await isWellFormed(page);
}

// A session that ends while somebody fills in a step.
for (const scripts of [true, false]) {
  const how = `scripts ${scripts ? 'on' : 'off'}`;

  scenario(`Account info comes back as typed after signing in again (${how})`, { as: 'sales', scripts }, async (page, facts) => {
    const company = newCompany();
    await fillStep1(page, company);
    await page.locator('#country').selectOption('HU');
    await page.getByLabel(words.en.someoneElse, { exact: true }).check();
    await fill(page, { first_name: 'Wim' });
    await sendSignedOut(page, facts);
    assert.deepEqual(await values(page, [...Object.keys(company), 'country', 'date_agreed', 'first_name']), {
      ...company, country: 'HU', date_agreed: typed(day(-1)), first_name: 'Wim',
    });
    assert.ok(await page.locator('#accepted').isChecked());
    assert.ok(await page.getByLabel(words.en.someoneElse, { exact: true }).isChecked());
    assert.ok(await field(page, 'organization_registration_number').isVisible());
    assert.equal(await save(page), 422);
  });

  scenario(`Subscriptions come back as typed after signing in again (${how})`, { as: 'sales', scripts }, async (page, facts) => {
    await fillStep1(page, newCompany());
    assert.equal(await save(page), 200);
    await quantity(page, 'Microsoft 365 Business Basic', '12');
    await quantity(page, 'Exchange Online (Plan 1)', '25');
    await page.locator('#billing_cycle').selectOption({ index: 1 });
    const cycle = await page.locator('#billing_cycle').inputValue();
    await sendSignedOut(page, facts);
    const box = (name) => page.locator('main').getByLabel(name, { exact: true });
    assert.equal(await box('Exchange Online (Plan 1)').inputValue(), '25');
    assert.equal(await box('Microsoft 365 Business Basic').inputValue(), '12');
    assert.equal(await page.locator('#billing_cycle').inputValue(), cycle);
    assert.equal(await save(page), 200);
    assert.match(await seen(page.locator('#subscriptions')), /Exchange Online \(Plan 1\): 25/);
  });
}

scenario('Create customer by a user who is signed out creates nothing until it is pressed again', { as: 'sales' }, async (page, facts) => {
  const company = newCompany();
  await toReview(page, company);
  await sendSignedOut(page, facts);
  const other = await facts.context.newPage();
  await visit(other, `/customers?q=${company.domain_prefix}`);
  assert.equal(await other.locator('main table tbody tr').count(), 0);
  await save(page);
  assert.match(page.url(), /\/created$/);
});

scenario('subscriptions of a customer whose acceptance is taken back are not ordered', { as: 'sales' }, async (page) => {
  await fillStep1(page, newCompany());
  await save(page);
  await quantity(page, 'Exchange Online (Plan 1)', '25');
  await save(page);
  await follow(page, () => page.locator('#agreement').getByRole('link', { name: words.en.change }).click());
  await page.locator('#accepted').uncheck();
  await save(page);
  assert.equal(await wizardStep(page), 3);
  assert.ok((await seen(page.locator('#subscriptions'))).includes(words.en.linesClosed));
  assert.equal(await save(page), 409);
  assert.equal(await wizardStep(page), 3);
  await isWellFormed(page);
  await follow(page, () => page.locator('#subscriptions').getByRole('link', { name: words.en.change }).click());
  assert.ok((await seen(page.locator('main'))).includes(words.en.nothingToOrder));
  await save(page);
  await save(page);
  assert.match(page.url(), /\/created$/);
  assert.ok((await seen(page.locator('main'))).includes(words.en.notConfirmed));
});

scenario('two drafts with the same domain become one customer, and the other says why not', { as: 'sales' }, async (page, { context }) => {
  const company = newCompany();
  await toReview(page, company);
  const other = await context.newPage();
  await toReview(other, company);
  await save(page);
  assert.match(page.url(), /\/created$/);
  assert.equal(await save(other), 409);
  assert.equal(await wizardStep(other), 3);
  assert.match(await seen(other.locator('.errors')), words.en.domainTaken);
  await follow(other, () => other.locator('#company').getByRole('link', { name: words.en.change }).click());
  assert.equal(await save(other), 422);
  await saysWhatIsWrong(other, { domain_prefix: words.en.domainTaken });
  await fill(other, { domain_prefix: `${company.domain_prefix}b` });
  await save(other);
  await save(other);
  assert.match(other.url(), /\/created$/);
});

scenario('a draft that changed in another window is shown again before it becomes a customer', { as: 'sales' }, async (page, { context }) => {
  await toReview(page, newCompany());
  const other = await context.newPage();
  await other.goto(page.url());
  await follow(other, () => other.locator('#company').getByRole('link', { name: words.en.change }).click());
  await fill(other, { city: 'Haarlem' });
  await save(other);
  assert.equal(await save(page), 409);
  assert.ok((await seen(page.locator('.errors'))).includes(words.en.draftChanged));
  assert.match(await seen(page.locator('#company')), /Haarlem/);
  await save(page);
  assert.match(page.url(), /\/created$/);
});

scenario('going back in the wizard creates nothing twice', { as: 'sales' }, async (page) => {
  const company = newCompany();
  await fillStep1(page, company);
  assert.equal(await save(page), 200);
  await follow(page, () => page.getByRole('link', { name: words.en.back, exact: true }).click());
  assert.equal(await wizardStep(page), 1);
  assert.deepEqual(await values(page, Object.keys(company)), company);
  await fill(page, { city: 'Delft' });
  assert.equal(await save(page), 200);
  await save(page);
  assert.match(await seen(page.locator('#company')), /Delft/);
  const review = page.url();
  await save(page);
  const created = page.url();
  assert.match(created, /\/created$/);
  await page.goBack();
  assert.equal(page.url(), created, 'the browser’s way back leads to the customer');
  for (const step of ['account', 'subscriptions', 'review']) {
    await visit(page, review.replace(/review$/, step));
    assert.equal(page.url(), created);
  }
  await visit(page, `/customers?q=${company.domain_prefix}`);
  assert.equal(await page.locator('main table tbody tr').count(), 1);
  assert.equal(await page.locator('.drafts').getByText(company.company_name).count(), 0);
});

scenario('two clicks on Create customer create one', { as: 'sales' }, async (page) => {
  const company = newCompany();
  await toReview(page, company);
  await page.getByRole('button', { name: words.en.createCustomer }).dblclick();
  await page.waitForURL(/\/created$/);
  await page.locator('#temporary-password').waitFor();
  await visit(page, `/customers?q=${company.domain_prefix}`);
  assert.equal(await page.locator('main table tbody tr').count(), 1);
});

scenario('leaving with something typed is asked about, and going on is not', { as: 'sales' }, async (page) => {
  const asked = [];
  page.on('dialog', (dialog) => {
    asked.push(dialog.type());
    dialog.dismiss().catch(() => {});
  });
  await visit(page, '/customers/new');
  await page.locator('#company_name').pressSequentially('Hartog');
  await page.getByRole('link', { name: words.en.cancel, exact: true }).click();
  await page.waitForFunction(() => true);
  assert.deepEqual(asked, ['beforeunload']);
  assert.equal(new URL(page.url()).pathname, '/customers/new');
  assert.deepEqual(await values(page, ['company_name']), { company_name: 'Hartog' });
  await fill(page, newCompany());
  assert.equal(await save(page), 200);
  assert.deepEqual(asked, ['beforeunload']);
});

scenario('Skip leaves the subscriptions out, whatever was typed', { as: 'sales' }, async (page) => {
  await fillStep1(page, newCompany());
  await save(page);
  await quantity(page, 'Exchange Online (Plan 1)', 'many');
  assert.equal(await follow(page, () => page.getByRole('button', { name: words.en.skip, exact: true }).click()), 200);
  assert.equal(await wizardStep(page), 3);
  assert.doesNotMatch(await seen(page.locator('#subscriptions')), /Exchange/);
});

scenario('a manager starts no customer, and nobody opens the draft of another', { as: 'sales' }, async (page, { password }) => {
  const company = newCompany();
  await toReview(page, company);
  const review = page.url();
  await signOut(page);
  await signIn(page, { email: 'admin@noordster.example', password });
  assert.equal(await page.locator('.drafts').getByText(company.company_name).count(), 0);
  for (const step of ['account', 'subscriptions', 'review']) assert.equal(await visit(page, review.replace(/review$/, step)), 404);
  await signOut(page);
  await signIn(page, { email: 'manager@noordster.example', password });
  assert.equal(await page.getByRole('link', { name: words.en.newCustomer }).count(), 0);
  assert.equal(await visit(page, '/customers/new'), 403);
});

scenario('a draft that was discarded in another window is not found', { as: 'sales' }, async (page, { context }) => {
  const company = newCompany();
  await fillStep1(page, company);
  await save(page);
  await visit(page, page.url().replace(/subscriptions$/, 'account'));
  const other = await context.newPage();
  await other.goto(page.url());
  await follow(other, () => other.getByRole('button', { name: words.en.discardDraft }).click());
  assert.equal(await save(page), 404);
  await isWellFormed(page);
});
