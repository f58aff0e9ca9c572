import assert from 'node:assert/strict';
import { isWellFormed } from './checks.mjs';
import { scenario } from './support.mjs';
import { field, fill, follow, heading, openCustomer, save, seen, someone, visit } from './verbs.mjs';
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
    const { name } = await openCustomer(page, { list: '/customers?standing=not-confirmed' });
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

for (const scripts of [true, false]) {
  scenario(`a change of licences that is held up leads back to itself (scripts ${scripts ? 'on' : 'off'})`, { as: 'sales', scripts }, async (page) => {
    // Of the demo's customers whose confirmation is outdated some have subscriptions.
    let account;
    for (let tries = 0; tries < 20; tries += 1) {
      ({ account } = await openCustomer(page, { list: '/customers?standing=confirm-again' }));
      await visit(page, account.replace(/account$/, 'subscriptions'));
      if (await page.locator('main table').count()) break;
    }
    assert.ok((await seen(page.locator('main'))).includes(words.en.blockLicences));
    assert.equal(await page.getByRole('link', { name: /^Change number/ }).count(), 0);
    await follow(page, () => page.getByRole('link', { name: words.en.confirmAgreement }).click());
    await confirmHere(page);
    await visit(page, account.replace(/account$/, 'subscriptions'));
    await follow(page, () => page.getByRole('link', { name: /^Change number/ }).first().click());
    await fill(page, { quantity: '2 00' });
    await isWellFormed(page);
    await save(page);
    assert.match(await seen(page.locator('[role=status]').first()), /→ 200 licences/);
    await follow(page, () => page.getByRole('link', { name: /^Change number/ }).first().click());
    await fill(page, { quantity: '2' });
    assert.equal(await save(page), 200);
    assert.match(await seen(page.locator('main')), /200 → 2 licences, 198 fewer/);
    await save(page);
    assert.match(await seen(page.locator('[role=status]').first()), /200 → 2 licences/);
  });
}

scenario('an offer is found by its name, and what was typed elsewhere stays', { as: 'sales' }, async (page) => {
  const { account } = await openCustomer(page, { list: '/customers?standing=confirmed' });
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
  const { account } = await openCustomer(page, { list: '/customers?standing=confirmed' });
  for (const place of ['subscriptions', 'orders', 'renewals']) {
    assert.equal(await visit(page, account.replace(/account$/, place)), 200);
    await isWellFormed(page);
    assert.equal(await page.locator('main').getByRole('link', { name: words.en.newOrder }).count(), 0);
    assert.equal(await field(page, 'status').count(), 0);
  }
  assert.equal(await visit(page, account.replace(/account$/, 'orders/new')), 403);
});
