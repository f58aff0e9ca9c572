import assert from 'node:assert/strict';
import { isWellFormed, saysWhatIsWrong } from './checks.mjs';
import { scenario } from './support.mjs';
import {
  acceptedByPerson, acceptedDirectly, block, fill, firstSubmit, follow, openCustomer, save, seen, switchAccount, updateLink,
  useLanguage, values, visit,
} from './verbs.mjs';
import { accounts, words } from './words.mjs';

const agreement = (page, spoken = 'en') => seen(block(page, words[spoken].agreement));
const DAY = /\b\d{1,2} (Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]* \d{4}\b/;
const TIME_WITH_ZONE = /\b\d{2}:\d{2} ([A-Z]{3,5}|[A-Z]\w+\/\w+|UTC)/;

scenario('a confirmed customer: by whom, when, for which version, recorded by whom and when', { as: 'manager' }, async (page) => {
  const { name } = await openCustomer(page, { list: '/customers?status=confirmed', where: acceptedByPerson });
  assert.ok((await seen(page.locator('h1'))).includes(words.en.accountInfo));
  assert.ok((await page.title()).includes(name));
  const said = await agreement(page);
  assert.ok(said.includes(words.en.confirmed) && !said.includes(words.en.notConfirmed), said);
  assert.match(said, /\S+@\S+/);
  assert.match(said, DAY);
  assert.match(said, TIME_WITH_ZONE);
});

scenario('a customer who is not confirmed: what that stops, and the way out', { as: 'sales' }, async (page) => {
  await openCustomer(page, { list: '/customers?status=not-confirmed' });
  assert.ok((await agreement(page)).includes(words.en.notConfirmed));
  assert.match(await seen(page.locator('main')), words.en.consequence);
  assert.ok(await updateLink(page).isVisible());
});

scenario('a customer to confirm again: the former confirmation stays in sight', { as: 'sales' }, async (page) => {
  await openCustomer(page, { list: '/customers?status=reconfirmation-due', where: acceptedByPerson });
  const said = await agreement(page);
  assert.ok(said.includes(words.en.confirmAgain), said);
  assert.match(said, DAY);
  assert.match(await seen(page.locator('main')), words.en.consequence);
  assert.ok(await updateLink(page).isVisible());
});

scenario('a customer who accepted directly: a sentence instead of empty fields', { as: 'sales' }, async (page) => {
  await openCustomer(page, { where: acceptedDirectly });
  assert.match(await agreement(page), words.en.acceptedDirectly);
  assert.ok(await updateLink(page).isVisible());
});

scenario('in a national cloud the agreement does not apply, and the page says why', { as: 'admin' }, async (page) => {
  await switchAccount(page, accounts.nationalCloud);
  await openCustomer(page);
  const main = await seen(page.locator('main'));
  assert.ok(main.includes(words.en.notApplicableText), main);
  assert.ok((await agreement(page)).includes(words.en.notApplicable));
  assert.equal(await updateLink(page).count(), 0);
});

scenario('an indirect reseller learns that its provider confirms', { as: 'admin' }, async (page) => {
  await switchAccount(page, accounts.indirectReseller);
  await openCustomer(page);
  assert.match(await agreement(page), words.en.indirectProvider);
  assert.equal(await updateLink(page).count(), 0);
});

scenario('an indirect provider confirms like a direct bill partner', { as: 'admin' }, async (page) => {
  await switchAccount(page, accounts.indirectProvider);
  await openCustomer(page);
  assert.ok(await updateLink(page).isVisible());
});

scenario('a manager sees who can record a confirmation, and no way to do it', { as: 'manager' }, async (page) => {
  const { account } = await openCustomer(page, { list: '/customers?status=not-confirmed' });
  assert.match(await seen(page.locator('main')), words.en.permission);
  assert.equal(await updateLink(page).count(), 0);
  assert.equal(await page.locator('main').getByRole('link', { name: words.en.edit }).count(), 0);

  const customer = account.replace(/\/account$/, '');
  for (const address of [`${customer}/agreements/new`, `${customer}/account/company`, `${customer}/account/contact`]) {
    assert.equal(await visit(page, address), 403, address);
    assert.match(await seen(page.locator('main')), words.en.forbidden);
  }
  await useLanguage(page, 'nl');
  assert.equal(await visit(page, `${customer}/agreements/new`), 403);
  assert.match(await seen(page.locator('main')), words.nl.forbidden);
  await useLanguage(page, 'en');
});

scenario('a customer or a page that does not exist is not found', { as: 'sales' }, async (page) => {
  for (const address of ['/customers/00000000-0000-4000-8000-000000000000/account', '/customers/not-an-id/account', '/no-such-page']) {
    assert.equal(await visit(page, address), 404, address);
    assert.ok((await seen(page.locator('main'))).includes(words.en.notFound));
    await isWellFormed(page);
  }
});

scenario('the company can be edited', { as: 'sales' }, async (page) => {
  const { name, account } = await openCustomer(page);
  await follow(page, () => block(page, words.en.company).getByRole('link', { name: words.en.edit }).click());
  assert.equal(new URL(page.url()).pathname, `${account}/company`);
  assert.equal(await page.locator('main [name=company_name]').inputValue(), name);

  await fill(page, { company_name: '' });
  assert.equal(await save(page), 422);
  await saysWhatIsWrong(page, { company_name: undefined });

  await fill(page, { company_name: `${name} & Zonen`, address_line1: 'Kerkstraat 12-2 hs' });
  assert.equal(await save(page), 200);
  assert.equal(new URL(page.url()).pathname, account);
  assert.ok(await page.locator('[role=status]').first().isVisible());
  const said = await seen(block(page, words.en.company));
  assert.ok(said.includes(`${name} & Zonen`) && said.includes('Kerkstraat 12-2 hs'), said);
});

scenario('two people who edit the contact at once lose nothing', { as: 'sales' }, async (page, { context }) => {
  const { account } = await openCustomer(page);
  const mine = { contact_first_name: 'Femke', contact_last_name: 'de Boer', contact_email: 'femke@bakkerij.example' };
  const theirs = { contact_first_name: 'Siobhán', contact_last_name: 'O’Neill', contact_email: 'siobhan@bakkerij.example' };
  await page.goto(`${account}/contact`);
  const other = await context.newPage();
  await other.goto(`${account}/contact`);

  await fill(other, theirs);
  assert.equal(await save(other), 200);
  assert.ok((await seen(block(other, words.en.contact))).includes(theirs.contact_email));

  await fill(page, mine);
  assert.equal(await save(page), 409);
  const main = await seen(page.locator('main'));
  assert.match(main, words.en.stale);
  for (const value of Object.values(theirs)) assert.ok(main.includes(value), `${value} stands beside the form`);
  assert.deepEqual(await values(page, Object.keys(mine)), mine, 'what was typed is kept');
  await isWellFormed(page);

  assert.equal(await save(page), 200);
  assert.ok((await seen(block(page, words.en.contact))).includes(mine.contact_email));
});

scenario('editing without scripts, on a narrow screen, in Dutch', { as: 'sales', scripts: false, width: 320, language: 'nl' }, async (page) => {
  const { account } = await openCustomer(page);
  await isWellFormed(page);
  await follow(page, () => block(page, words.nl.contact).getByRole('link', { name: words.nl.edit }).click());
  await isWellFormed(page);
  await fill(page, { contact_first_name: 'x'.repeat(51), contact_last_name: 'Jansen', contact_email: 'jansen@bakkerij.example' });
  assert.equal(await save(page), 422);
  await saysWhatIsWrong(page, { contact_first_name: undefined });
  await isWellFormed(page);
  await fill(page, { contact_first_name: 'Noor' });
  assert.equal(await save(page), 200);
  assert.equal(new URL(page.url()).pathname, account);
  assert.ok((await seen(block(page, words.nl.contact))).includes('Noor Jansen'));

  await page.goto(`${account}/company`);
  await isWellFormed(page);
  assert.ok(await firstSubmit(page.locator('main form[method=post]').first()).isVisible());
});
