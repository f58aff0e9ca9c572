import assert from 'node:assert/strict';
import { isWellFormed, saysWhatIsWrong } from './checks.mjs';
import { scenario } from './support.mjs';
import {
  field, fill, follow, heading, newCompany, openCustomer, save, seen, someone, startCustomer, trySignIn, values, visit,
} from './verbs.mjs';
import { day, typed, words } from './words.mjs';

async function confirmHere(page) {
  await fill(page, { ...someone(), date_agreed: typed(day()) });
  assert.equal(await save(page), 200);
}

// An order that the customer's standing holds up: the prompt, and back in the order.
for (const { language, scripts, width } of [
  { language: 'en', scripts: true, width: 1280 },
  { language: 'nl', scripts: true, width: 320 },
  { language: 'en', scripts: false, width: 320 },
  { language: 'nl', scripts: false, width: 1280 },
]) {
  scenario(`an order for an unconfirmed customer ends placed (${language}, ${width} px, scripts ${scripts ? 'on' : 'off'})`, { as: 'sales', language, scripts, width }, async (page) => {
    const w = words[language];
    const { name } = await openCustomer(page, { list: '/customers?status=not-confirmed' });
    await follow(page, () => page.locator('main').getByRole('link', { name: w.newOrder, exact: true }).click());
    assert.equal(await heading(page), w.promptOrder);
    await isWellFormed(page);
    await confirmHere(page);
    assert.equal(await heading(page), w.newOrder);
    assert.equal(await seen(page.locator('[role=status]').filter({ hasText: name }).first()), w.saved(name));
    await isWellFormed(page);

    await page.locator('main').getByLabel('Exchange Online (Plan 1)', { exact: true }).fill('25');
    await save(page);
    await isWellFormed(page);
    assert.match(await seen(page.locator('main table')), /Exchange Online \(Plan 1\).*25/);
    await follow(page, () => page.getByRole('button', { name: w.placeOrder, exact: true }).click());
    assert.match(page.url(), /\/orders\/[0-9a-f-]{36}$/);
    await isWellFormed(page);
  });
}

for (const { language, scripts, width } of [
  { language: 'en', scripts: true, width: 1280 },
  { language: 'nl', scripts: true, width: 320 },
  { language: 'en', scripts: false, width: 320 },
  { language: 'nl', scripts: false, width: 1280 },
]) {
  scenario(`a change of licences that is held up leads back to itself (${language}, ${width} px, scripts ${scripts ? 'on' : 'off'})`, { as: 'sales', language, scripts, width }, async (page) => {
    const w = words[language];
    const subscriptions = await heldUp(page);
    assert.ok((await seen(page.locator('main'))).includes(w.blockLicences));
    assert.equal(await page.getByRole('link', { name: w.changeNumber }).count(), 0);
    await isWellFormed(page);
    await follow(page, () => page.getByRole('link', { name: w.confirmAgreement }).click());
    await isWellFormed(page);
    await confirmHere(page);
    await visit(page, subscriptions);
    await follow(page, () => page.getByRole('link', { name: w.changeNumber }).first().click());
    await fill(page, { quantity: '2 00' });
    await isWellFormed(page);
    await save(page);
    assert.ok((await seen(page.locator('[role=status]').first())).includes(w.licencesChanged('', 200).trim()));
    await follow(page, () => page.getByRole('link', { name: w.changeNumber }).first().click());
    await fill(page, { quantity: '2' });
    assert.equal(await save(page), 200);
    assert.ok((await seen(page.locator('main'))).includes(w.licencesFewer(200, 2)));
    await isWellFormed(page);
    await save(page);
    assert.ok((await seen(page.locator('[role=status]').first())).includes(w.licencesChanged(200, 2)));
  });
}

/** Opens the subscriptions of a customer whose confirmation is outdated: some of the demo's have any. Their address. */
async function heldUp(page) {
  for (let tries = 0; tries < 20; tries += 1) {
    const { account } = await openCustomer(page, { list: '/customers?status=reconfirmation-due' });
    const subscriptions = account.replace(/account$/, 'subscriptions');
    await visit(page, subscriptions);
    if (await page.locator('main table').count()) return subscriptions;
  }
  throw new Error('no customer to confirm again has a subscription');
}

for (const { language, scripts } of [{ language: 'en', scripts: true }, { language: 'nl', scripts: false }]) {
  scenario(`a customer whom the wizard made without a confirmation is confirmed in front of the first order (${language}, scripts ${scripts ? 'on' : 'off'})`, { as: 'sales', language, scripts }, async (page) => {
    const w = words[language];
    const company = newCompany();
    await startCustomer(page, company);
    for (let step = 1; step < 4; step += 1) assert.equal(await save(page), 200);
    assert.match(page.url(), /\/created$/);
    await follow(page, () => page.locator('main').getByRole('link', { name: w.newOrder, exact: true }).click());
    assert.equal(await heading(page), w.promptOrder);
    await confirmHere(page);
    assert.equal(await heading(page), w.newOrder);
    await page.locator('main').getByLabel('Exchange Online (Plan 1)', { exact: true }).fill('5');
    await save(page);
    await follow(page, () => page.getByRole('button', { name: w.placeOrder, exact: true }).click());
    assert.match(page.url(), /\/orders\/[0-9a-f-]{36}$/);
    assert.ok((await seen(page.locator('main'))).includes(company.company_name));
  });
}

scenario('an offer is found by its name, and what was typed elsewhere stays', { as: 'sales' }, async (page) => {
  const { account } = await openCustomer(page, { list: '/customers?status=confirmed' });
  await visit(page, account.replace(/account$/, 'orders/new'));
  const box = (name) => page.locator('main').getByLabel(name, { exact: true });
  await box('Exchange Online (Plan 1)').fill('25');
  await page.locator('#find-offer').fill('power bi');
  assert.ok(await box('Power BI Pro').isVisible());
  assert.ok(await box('Exchange Online (Plan 1)').isHidden());
  await box('Power BI Pro').fill('3');
  await save(page);
  assert.match(await seen(page.locator('main table')), /Exchange Online \(Plan 1\).*25.*Power BI Pro.*3/);
});

scenario('a manager sees what there is and can change nothing', { as: 'manager' }, async (page) => {
  const { account } = await openCustomer(page, { list: '/customers?status=confirmed' });
  for (const place of ['subscriptions', 'orders', 'renewals']) {
    assert.equal(await visit(page, account.replace(/account$/, place)), 200);
    await isWellFormed(page);
    assert.equal(await page.locator('main').getByRole('link', { name: words.en.newOrder }).count(), 0);
    assert.equal(await field(page, 'status').count(), 0);
  }
  assert.equal(await visit(page, account.replace(/account$/, 'orders/new')), 403);
});

for (const scripts of [true, false]) {
  const how = `scripts ${scripts ? 'on' : 'off'}`;

  scenario(`an order comes back as typed after signing in again (${how})`, { as: 'sales', scripts }, async (page, { context, password }) => {
    const { account } = await openCustomer(page, { list: '/customers?status=confirmed' });
    await visit(page, account.replace(/account$/, 'orders/new'));
    const box = page.locator('main').getByLabel('Exchange Online (Plan 1)', { exact: true });
    await box.fill('25');
    await context.clearCookies({ name: /countersign$/ });
    assert.equal(await save(page), 401);
    assert.ok((await trySignIn(page, { email: 'sales@noordster.example', password })) < 300);
    assert.equal(await heading(page), words.en.newOrder);
    assert.equal(await box.inputValue(), '25');
  });

  scenario(`the prompt comes back as typed after signing in again, and leads to the order (${how})`, { as: 'sales', scripts }, async (page, { context, password }) => {
    const { account } = await openCustomer(page, { list: '/customers?status=not-confirmed' });
    await visit(page, account.replace(/account$/, 'orders/new'));
    const person = someone();
    await fill(page, { ...person, date_agreed: typed(day()) });
    await context.clearCookies({ name: /countersign$/ });
    assert.equal(await save(page), 401);
    assert.ok((await trySignIn(page, { email: 'sales@noordster.example', password })) < 300);
    assert.deepEqual(await values(page, Object.keys(person)), person);
    assert.equal(await save(page), 200);
    assert.equal(await heading(page), words.en.newOrder);
  });
}

scenario('the prompt is gone for everyone once one agent has confirmed', { as: 'sales' }, async (page, { context }) => {
  const { account } = await openCustomer(page, { list: '/customers?status=not-confirmed' });
  await visit(page, account.replace(/account$/, 'orders/new'));
  const other = await context.newPage();
  await visit(other, account.replace(/account$/, 'orders/new'));
  await confirmHere(other);
  assert.equal(await heading(other), words.en.newOrder);
  assert.equal(await visit(page, page.url()), 200);
  assert.equal(await heading(page), words.en.newOrder, 'the prompt is gone for everyone');
});

scenario('an order placed in two tabs is placed once', { as: 'sales' }, async (page, { context }) => {
  const { account } = await openCustomer(page, { list: '/customers?status=confirmed' });
  await visit(page, account.replace(/account$/, 'orders/new'));
  await page.locator('main').getByLabel('Exchange Online (Plan 1)', { exact: true }).fill('25');
  await save(page);
  const other = await context.newPage();
  await other.goto(page.url());
  await page.getByRole('button', { name: words.en.placeOrder, exact: true }).dblclick();
  await page.waitForURL(/\/orders\/[0-9a-f-]{36}$/);
  const placed = page.url();
  await follow(other, () => other.getByRole('button', { name: words.en.placeOrder, exact: true }).click());
  assert.equal(other.url(), placed);
});

scenario('what is wrong with an order or a prompt is said, and everything typed is kept', { as: 'sales' }, async (page) => {
  const { account } = await openCustomer(page, { list: '/customers?status=not-confirmed' });
  await visit(page, account.replace(/account$/, 'orders/new'));
  await fill(page, { first_name: 'Anna', last_name: '', email: '' });
  assert.equal(await save(page), 422);
  await saysWhatIsWrong(page, { last_name: words.en.lastNameMissing, email: words.en.emailMissing, date_agreed: words.en.dateMissing });
  assert.equal(await heading(page), words.en.promptOrder);
  assert.deepEqual(await values(page, ['first_name']), { first_name: 'Anna' });
  await confirmHere(page);
  const box = (name) => page.locator('main').getByLabel(name, { exact: true });
  assert.equal(await save(page), 422);
  assert.ok((await seen(page.locator('.errors'))).includes(words.en.orderNothing));
  await box('Exchange Online (Plan 1)').fill('12,5');
  await box('Microsoft 365 Business Basic').fill('7');
  assert.equal(await save(page), 422);
  assert.deepEqual(await page.locator('.errors li').allInnerTexts(), ['Exchange Online (Plan 1): Enter a whole number of 1 or more']);
  assert.equal(await box('Exchange Online (Plan 1)').inputValue(), '12,5');
  assert.equal(await box('Microsoft 365 Business Basic').inputValue(), '7');
});
