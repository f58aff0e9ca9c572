import assert from 'node:assert/strict';
import { isWellFormed } from './checks.mjs';
import { scenario } from './support.mjs';
import {
  field, follow, language, reveal, seen, signIn, signOut, switchAccount, trySignIn, useLanguage, visit,
} from './verbs.mjs';
import { accounts, words } from './words.mjs';

for (const spoken of ['en', 'nl']) {
  scenario(`a wrong pair gets one message and keeps the email address (${spoken})`, { language: spoken }, async (page) => {
    const status = await trySignIn(page, { email: `nobody-${spoken}@noordster.example`, password: 'not the password' });
    assert.equal(status, 422);
    const main = await seen(page.locator('main'));
    assert.equal(main.split(words[spoken].wrongPair).length - 1, 1, `the message stands there once: ${main}`);
    assert.ok((await page.title()).startsWith(words[spoken].errorPrefix));
    assert.equal(await field(page, 'email').inputValue(), `nobody-${spoken}@noordster.example`);
    assert.equal(await field(page, 'password').inputValue(), '');
    await isWellFormed(page);
  });
}

scenario('a wrong password for a known user reads the same as an unknown user', {}, async (page) => {
  const answers = [];
  for (const email of ['sales@noordster.example', 'stranger@noordster.example']) {
    await page.goto('/sign-in');
    const status = await trySignIn(page, { email, password: 'not the password' });
    answers.push({ status, main: (await seen(page.locator('main'))).replaceAll(email, '') });
  }
  assert.deepEqual(answers[0], answers[1]);
});

scenario('a page asked for before signing in comes after it', {}, async (page, { password }) => {
  assert.equal(await visit(page, '/customers?status=not-confirmed'), 200);
  assert.equal(new URL(page.url()).pathname, '/sign-in');
  await trySignIn(page, { email: 'sales@noordster.example', password });
  assert.match(page.url(), /\/customers\?status=not-confirmed$/);
});

scenario('the language switches both ways, before and after signing in', {}, async (page, { password }) => {
  for (const spoken of ['nl', 'en', 'nl']) {
    await useLanguage(page, spoken);
    assert.equal(await seen(page.locator('h1')), words[spoken].signIn);
  }
  await signIn(page, { email: 'sales@noordster.example', password });
  for (const spoken of ['nl', 'en', 'nl', 'en']) {
    await useLanguage(page, spoken);
    assert.equal(new URL(page.url()).pathname, '/customers', 'switching stays on the page');
    assert.equal(await seen(page.locator('h1')), words[spoken].customers);
  }
});

scenario('the language switch keeps the address with its query', { as: 'sales' }, async (page) => {
  await page.goto('/customers?status=confirmed&sort=-name');
  await useLanguage(page, 'nl');
  const { pathname, searchParams } = new URL(page.url());
  assert.equal(pathname, '/customers');
  assert.deepEqual(Object.fromEntries(searchParams), { status: 'confirmed', sort: '-name' });
  await useLanguage(page, 'en');
});

scenario('the language is remembered for the user', { as: 'manager' }, async (page, { context, password }) => {
  await useLanguage(page, 'nl');
  await signOut(page);
  await context.clearCookies();
  await page.goto('/sign-in');
  assert.equal(await language(page), 'en', 'a stranger gets the language of the browser');
  await signIn(page, { email: 'manager@noordster.example', password });
  assert.equal(await language(page), 'nl');
  await useLanguage(page, 'en');
});

scenario('signing out ends the session, and the Back button shows nothing', { as: 'sales' }, async (page) => {
  await page.goto('/customers?sort=-name');
  await signOut(page);
  assert.equal(new URL(page.url()).pathname, '/sign-in');
  await page.goBack();
  assert.equal(new URL(page.url()).pathname, '/sign-in');
  await page.goto('/customers');
  assert.equal(new URL(page.url()).pathname, '/sign-in');
});

for (const width of [320, 1280]) {
  scenario(`the menus open and close, and sign out, without scripts at ${width} px`, { as: 'sales', width, scripts: false }, async (page) => {
    const button = page.locator('form[action="/sign-out"] button').first();
    await reveal(button);
    assert.equal(await seen(button), words.en.signOut);
    await isWellFormed(page);
    await signOut(page);
    assert.equal(await seen(page.locator('h1')), words.en.signIn);
    await isWellFormed(page);
  });
}

scenario('a switch to the sandbox is marked on every page, and not in production', { as: 'admin' }, async (page) => {
  const strip = page.getByText(words.en.sandbox);
  assert.equal(await strip.count(), 0);
  await switchAccount(page, accounts.sandbox);
  for (const address of ['/customers', '/customers?q=nobody-has-this-name', '/no-such-page']) {
    await page.goto(address);
    assert.ok(await strip.first().isVisible(), address);
  }
  await page.goto('/customers');
  await follow(page, () => page.locator('main table tbody th a').first().click());
  assert.ok(await strip.first().isVisible(), 'Account info');
  await useLanguage(page, 'nl');
  assert.ok(await page.getByText(words.nl.sandbox).first().isVisible());
  await useLanguage(page, 'en');
});

scenario('a customer of another partner account is not found', { as: 'admin' }, async (page) => {
  await follow(page, () => page.locator('main table tbody th a').first().click());
  const own = page.url();
  await switchAccount(page, accounts.sandbox);
  assert.equal(await visit(page, own), 404);
  assert.ok((await seen(page.locator('main'))).includes(words.en.notFound));
});
