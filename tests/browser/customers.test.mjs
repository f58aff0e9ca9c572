import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { isWellFormed } from './checks.mjs';
import { scenario } from './support.mjs';
import {
  acceptedByPerson, acceptedDirectly, block, everyRow, firstSubmit, follow, pager, plain, reveal, rows, seen, switchAccount, visit,
} from './verbs.mjs';
import { accounts, words } from './words.mjs';

const PAGE = 50;

/** The portal's folding of names, for what stands in the demo. */
function folded(name) {
  const letters = { ø: 'o', đ: 'd', ł: 'l', ß: 'ss', '’': "'", '‘': "'" };
  return name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/[øđłß’‘]/g, (letter) => letters[letter]);
}

async function everyCustomer(page, list) {
  const found = [];
  for await (const row of everyRow(page, list)) found.push(row);
  return found;
}

/** Types into the list's search box and sends it; an only hit opens. */
async function search(page, query) {
  const form = page.locator('main form:has(input[name=q])').first();
  const box = form.locator('input[name=q]');
  await box.fill(query);
  await follow(page, () => firstSubmit(form).click());
  assert.equal(new URL(page.url()).searchParams.get('q'), query, 'the search is in the address');
  if (new URL(page.url()).pathname.endsWith('/account')) {
    const only = { name: await opened(page), address: new URL(page.url()).pathname, text: '' };
    await page.goto('/customers');
    return [only];
  }
  assert.equal(await page.locator('main input[name=q]').first().inputValue(), query, 'the search stays in the box');
  return rows(page);
}

/** The name of the customer whose page this is. */
async function opened(page) {
  return plain(await page.locator('main h1 .over').textContent());
}

async function someCustomer(page) {
  return (await rows(page))[7];
}

const names = (found) => found.map(({ name }) => name);

scenario('Next goes through every customer once, in the order of their names', { as: 'sales' }, async (page) => {
  const found = await everyCustomer(page);
  assert.ok(found.length > 2 * PAGE, `${found.length} customers`);
  assert.equal(new Set(found.map(({ address }) => address)).size, found.length);
  const order = names(found).map(folded);
  assert.deepEqual(order, [...order].sort((a, b) => (a < b ? -1 : Number(a > b))));
  const standings = [words.en.confirmed, words.en.notConfirmed, words.en.confirmAgain];
  for (const standing of standings) {
    assert.ok(found.some(({ text }) => text.includes(standing)), `somebody is ${standing}`);
  }
  assert.ok(found.some(acceptedDirectly), 'somebody accepted directly');
});

scenario('Previous comes back to the same rows', { as: 'sales' }, async (page) => {
  const first = await rows(page);
  assert.equal(first.length, PAGE);
  assert.equal(await pager(page, words.en.previous).count(), 0);
  await follow(page, () => pager(page, words.en.next).click());
  const second = await rows(page);
  await follow(page, () => pager(page, words.en.next).click());
  await follow(page, () => pager(page, words.en.previous).click());
  assert.deepEqual(names(await rows(page)), names(second));
  await follow(page, () => pager(page, words.en.previous).click());
  assert.deepEqual(names(await rows(page)), names(first));
});

scenario('a page mark that makes no sense shows the first page', { as: 'sales' }, async (page) => {
  const first = await rows(page);
  assert.equal(await visit(page, '/customers?after=nonsense'), 200);
  assert.deepEqual(names(await rows(page)), names(first));
});

scenario('a customer is found by the beginning of the name', { as: 'sales' }, async (page) => {
  const { name } = await someCustomer(page);
  const found = await search(page, name.slice(0, -2));
  assert.ok(names(found).includes(name), `${name} in ${names(found)}`);
});

scenario('a customer is found by the middle of the name, whatever the case', { as: 'sales' }, async (page) => {
  const { name } = await someCustomer(page);
  const found = await search(page, name.slice(2, -1).trim().toUpperCase());
  assert.ok(names(found).includes(name), `${name} in ${names(found)}`);
});

scenario('a customer is found without typing its accents', { as: 'sales' }, async (page) => {
  const all = await everyCustomer(page);
  const accented = all.find(({ name }) => /\p{L}\p{M}/u.test(name.normalize('NFD')));
  assert.ok(accented, 'the demo has a name with an accent');
  await page.goto('/customers');
  const found = await search(page, folded(accented.name));
  assert.ok(names(found).includes(accented.name), `${accented.name} in ${names(found)}`);
});

scenario('a domain or a Microsoft ID finds exactly its customer, first', { as: 'sales' }, async (page) => {
  const { name, address } = await someCustomer(page);
  await page.goto(address);
  const facts = await block(page, words.en.company).innerText();
  const [domain] = facts.match(/[a-z0-9-]+\.onmicrosoft\.com/i);
  const [id] = facts.match(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/i);
  for (const query of [domain, domain.toUpperCase(), id, id.toUpperCase()]) {
    await page.goto('/customers');
    const found = await search(page, query);
    assert.equal(found[0]?.name, name, query);
  }
  const found = await search(page, domain.split('.')[0].slice(0, -1));
  assert.ok(names(found).includes(name), 'the beginning of the domain finds it too');
});

scenario('a customer is found by the email address of the person who accepted', { as: 'sales' }, async (page) => {
  await page.goto('/customers?status=confirmed');
  const accepted = (await rows(page)).find(acceptedByPerson);
  await page.goto(accepted.address);
  const facts = await block(page, words.en.agreement).innerText();
  const [email] = facts.match(/[^\s()<>]+@[^\s()<>]+/);
  await page.goto('/customers');
  assert.ok(names(await search(page, email)).includes(accepted.name));
});

scenario('a search without a match repeats it and offers the way back', { as: 'sales' }, async (page) => {
  const found = await search(page, 'nobody <b>has</b> this name');
  assert.deepEqual(found, []);
  assert.ok((await seen(page.locator('main'))).includes('nobody <b>has</b> this name'));
  await follow(page, () => page.locator('main a[href="/customers"]').last().click());
  assert.equal((await rows(page)).length, PAGE);
});

scenario('the top bar searches from another page', { as: 'sales' }, async (page) => {
  const { name, address } = await someCustomer(page);
  await page.goto(address);
  const form = page.locator('header form[action="/customers"]').first();
  await reveal(form.locator('input[name=q]'));
  await form.locator('input[name=q]').fill(name);
  await follow(page, () => form.locator('input[name=q]').press('Enter'));
  const isOnly = new URL(page.url()).pathname.endsWith('/account');
  assert.ok((isOnly ? [await opened(page)] : names(await rows(page))).includes(name));
});

for (const [standing, word] of [
  ['not-confirmed', words.en.notConfirmed],
  ['confirmed', words.en.confirmed],
  ['reconfirmation-due', words.en.confirmAgain],
]) {
  scenario(`the list can be narrowed to ${word}`, { as: 'sales' }, async (page) => {
    const form = page.locator('main form:has(select[name=status])').first();
    const select = form.locator('select[name=status]');
    await reveal(select);
    await select.selectOption(standing);
    await follow(page, () => firstSubmit(form).click());
    assert.equal(new URL(page.url()).searchParams.get('status'), standing);
    const found = await rows(page);
    assert.ok(found.length > 0);
    for (const { name, text } of found) assert.ok(text.includes(word), name);
    assert.equal(await page.locator('main select[name=status]').inputValue(), standing, 'the filter shows what is chosen');
  });
}

scenario('the list can be narrowed to a country, and the filter taken away', { as: 'sales' }, async (page) => {
  const form = page.locator('main form:has(select[name=country])').first();
  const select = form.locator('select[name=country]');
  await reveal(select);
  const label = plain(await select.locator('option[value=NL]').textContent());
  await select.selectOption('NL');
  await follow(page, () => firstSubmit(form).click());
  assert.equal(new URL(page.url()).searchParams.get('country'), 'NL');
  const found = await rows(page);
  assert.ok(found.length > 0);
  for (const { name, text } of found) assert.ok(text.includes(label), `${name} is in ${label}`);
  await follow(page, () => page.locator('main a[href="/customers"]').last().click());
  assert.equal(new URL(page.url()).search, '');
});

scenario('search and filter hold on the next page', { as: 'sales' }, async (page) => {
  const found = await everyCustomer(page, '/customers?status=confirmed&sort=-name');
  assert.ok(found.length > PAGE, `${found.length} customers are confirmed`);
  for (const { name, text } of found) {
    assert.ok(text.includes(words.en.confirmed), name);
    assert.ok(!text.includes(words.en.notConfirmed), name);
  }
  const order = names(found).map(folded);
  assert.deepEqual(order, [...order].sort((a, b) => (a > b ? -1 : Number(a < b))));
});

scenario('the heads of the columns sort, and say how', { as: 'sales' }, async (page) => {
  const sorted = page.locator('main th[aria-sort=ascending], main th[aria-sort=descending]');
  assert.equal(await sorted.getAttribute('aria-sort'), 'ascending');
  const first = await rows(page);

  await follow(page, () => sorted.locator('a').click());
  assert.equal(new URL(page.url()).searchParams.get('sort'), '-name');
  assert.equal(await sorted.getAttribute('aria-sort'), 'descending');
  const last = await rows(page);
  assert.ok(folded(last[0].name) > folded(first[0].name));

  await follow(page, () => page.locator('main th a[href*="agreed"]').first().click());
  assert.match(new URL(page.url()).searchParams.get('sort'), /^-?agreed$/);
  assert.equal(await sorted.count(), 1);
  await follow(page, () => sorted.locator('a').click());
  assert.match(new URL(page.url()).searchParams.get('sort'), /^-?agreed$/);
});

scenario('searching, filtering, sorting and paging work without scripts', { as: 'sales', scripts: false, width: 320 }, async (page) => {
  await isWellFormed(page);
  const { name } = await someCustomer(page);
  assert.ok(names(await search(page, name)).includes(name));
  await isWellFormed(page);
  await page.goto('/customers?status=confirmed&sort=-name');
  await isWellFormed(page);
  await follow(page, () => pager(page, words.en.next).click());
  const { searchParams } = new URL(page.url());
  assert.equal(searchParams.get('status'), 'confirmed');
  assert.equal(searchParams.get('sort'), '-name');
  await page.goto('/customers?q=nobody-has-this-name');
  await isWellFormed(page);
});

scenario('in a national cloud one bar explains instead of a standing per row', { as: 'admin' }, async (page) => {
  await switchAccount(page, accounts.nationalCloud);
  await page.goto('/customers');
  assert.ok((await seen(page.locator('main'))).includes(words.en.notApplicable));
  assert.ok((await rows(page)).length > 0);
});

scenario('the address of the list survives hostile values', { as: 'sales' }, async (page) => {
  for (const query of ['sort=sideways', 'standing=maybe', 'country=%22%3E%3Cscript%3E', 'q=%F0%9F%A5%90%27%22%3C', 'before=%00']) {
    const status = await visit(page, `/customers?${query}`);
    assert.ok(status === 200 || (status >= 400 && status < 500), `${query}: ${status}`);
    await isWellFormed(page);
  }
});

for (const scripts of [true, false]) {
  scenario(`The export is of what was searched for, scripts ${scripts ? 'on' : 'off'}`, { as: 'manager', scripts }, async (page) => {
    await visit(page, '/customers');
    const box = page.locator('main input[name=q]').first();
    const sought = (await someCustomer(page)).name.slice(0, 5);
    await box.fill(sought);
    if (!scripts) await follow(page, () => firstSubmit(page.locator('main form:has(input[name=q])').first()).click());
    await page.locator(`#export-form input[name=q][value=${JSON.stringify(sought)}]`).waitFor({ state: 'attached' });
    const shown = names(await rows(page));
    await page.locator('#export summary').click();
    const [download] = await Promise.all([page.waitForEvent('download'), firstSubmit(page.locator('#export')).click()]);
    const file = await readFile(await download.path(), 'utf8');
    assert.match(download.suggestedFilename(), /\.csv$/);
    for (const name of shown) assert.ok(file.includes(name.replaceAll('"', '""')), `${name} is in the file`);
  });
}
