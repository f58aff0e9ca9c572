// What an agent does with the portal, in the agent's words.

import assert from 'node:assert/strict';
import { words } from './words.mjs';

const GUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
export const ACCOUNT_ADDRESS = new RegExp(`/customers/(${GUID})/account$`);

/** Does something that leads to another page, waits for that page, and says with which status it was answered. */
export async function follow(page, act) {
  let status;
  const note = (response) => {
    const request = response.request();
    if (request.isNavigationRequest() && request.frame() === page.mainFrame()) status = response.status();
  };
  page.on('response', note);
  const arrived = page.waitForEvent('domcontentloaded');
  arrived.catch(() => {}); // when the act itself fails, its own words are the ones to read
  try {
    await act();
    await arrived;
  } finally {
    page.off('response', note);
  }
  return status;
}

/** Opens an address of the portal and says with which status it was answered. */
export async function visit(page, address) {
  return (await page.goto(address)).status();
}

/** What a reader sees: without line breaks, and without the invisible marks around values. */
export async function seen(locator) {
  return plain(await locator.innerText());
}

export function plain(text) {
  return text.replace(/[\u2066-\u2069\u200e\u200f\u00ad]/g, '').replace(/\s+/g, ' ').trim();
}

/** Makes a control visible when it is folded away in a menu or under “Filters”. */
export async function reveal(control) {
  for (const fold of await control.locator('xpath=ancestor::details').all()) {
    if (await control.isVisible()) break;
    if ((await fold.getAttribute('open')) === null) await fold.locator(':scope > summary').click();
  }
  return control;
}

/** The button that the Enter key presses: by the portal's rule, the one that saves. */
export function firstSubmit(form) {
  return form.locator('button:not([type=button]):not([type=reset]), input[type=submit]').first();
}

export async function signIn(page, { email, password }) {
  if (new URL(page.url()).pathname !== '/sign-in') await page.goto('/sign-in');
  const status = await trySignIn(page, { email, password });
  assert.equal(status, 200, `signing in as ${email}`);
  assert.match(new URL(page.url()).pathname, /^\/(customers|status)$/, 'agents land on the customers, managers on the figures');
}

/** Fills in the sign-in form as it stands and sends it. */
export async function trySignIn(page, { email, password }) {
  const form = page.locator('form:has(input[name=password])');
  await form.locator('input[name=email]').fill(email);
  await form.locator('input[name=password]').fill(password);
  return follow(page, () => firstSubmit(form).click());
}

export async function signOut(page) {
  const button = page.locator('form[action="/sign-out"]').locator('button').first();
  await reveal(button);
  return follow(page, () => button.click());
}

export async function language(page) {
  return page.locator('html').getAttribute('lang');
}

export async function useLanguage(page, wanted) {
  if ((await language(page)) === wanted) return;
  const button = page.locator(`form[action="/preferences"] button[name=language][value=${wanted}]`).first();
  await reveal(button);
  await follow(page, () => button.click());
  assert.equal(await language(page), wanted);
}

/** Switches to the partner account whose button says `which`. */
export async function switchAccount(page, which) {
  const button = page.locator('form[action="/partner-account"] button[name=partner_account]')
    .filter({ hasText: which }).first();
  await reveal(button);
  await follow(page, () => button.click());
}

/** The customers on this page of the list: name, address of the account page, and all that their row says. */
export async function rows(page) {
  const found = await page.locator('main table tbody tr').evaluateAll((all) => all.map((row) => ({
    name: row.querySelector('th a').textContent,
    // A filtered list goes along in the query; most scenarios have no business with it.
    address: row.querySelector('th a').pathname,
    text: row.innerText,
  })));
  return found.map(({ name, address, text }) => ({ name: plain(name), address, text: plain(text) }));
}

/** Whether a row says that the customer accepted with Microsoft itself (read in English). */
export function acceptedDirectly({ text }) {
  return words.en.acceptedDirectly.test(text);
}

export function acceptedByPerson(row) {
  return !acceptedDirectly(row);
}

export function pager(page, word) {
  return page.locator('main').getByRole('link', { name: word, exact: true });
}

/** Every customer of a list, page by page. */
export async function* everyRow(page, list = '/customers') {
  await page.goto(list);
  for (;;) {
    yield* await rows(page);
    const next = pager(page, words[await language(page)].next);
    if ((await next.count()) === 0) return;
    await follow(page, () => next.click());
  }
}

// Customers that a scenario of this file has changed or is about to change.
const taken = new Set();

/** Opens a customer of the list that no other scenario of this file works on, and says its name and account page. */
export async function openCustomer(page, { list = '/customers', where = () => true } = {}) {
  for await (const row of everyRow(page, list)) {
    if (taken.has(row.address) || !where(row)) continue;
    taken.add(row.address);
    await page.goto(row.address);
    assert.match(page.url(), ACCOUNT_ADDRESS);
    return { name: row.name, account: new URL(page.url()).pathname };
  }
  throw new Error(`no customer like that is left in ${list}`);
}

/** A block of Account info, by its heading. */
export function block(page, heading) {
  return page.locator('main section').filter({ has: page.getByRole('heading', { name: heading, exact: true }) });
}

export function updateLink(page) {
  return page.locator('main').getByRole('link', { name: words.en.update })
    .or(page.locator('main').getByRole('link', { name: words.nl.update })).first();
}

export async function openUpdateForm(page) {
  await follow(page, () => updateLink(page).click());
  assert.match(page.url(), /\/agreements\/new(\?|$)/);
}

export function field(page, name) {
  return page.locator(`main [name=${name}]:not([type=hidden])`);
}

/** Types into the form's boxes by their names on the wire. */
export async function fill(page, values) {
  for (const [name, value] of Object.entries(values)) await field(page, name).fill(value);
}

export async function values(page, names) {
  const entries = names.map(async (name) => [name, await field(page, name).inputValue()]);
  return Object.fromEntries(await Promise.all(entries));
}

/** Presses the button that saves the form on this page, and says with which status that was answered. */
export async function save(page, form = 'main form[method=post]:not([action="/preferences"])') {
  return follow(page, () => firstSubmit(page.locator(form).first()).click());
}

let people = 0;

/** Someone who accepted, whom no other scenario has used. */
export function someone(more = {}) {
  people += 1;
  const suffix = String.fromCharCode(...[...String(people)].map((digit) => 97 + Number(digit)));
  return {
    first_name: `Anna-Maria ${suffix}`,
    last_name: "van der Berg-O’Neill",
    email: `anna.${process.pid}.${people}@bakkerij.example`,
    ...more,
  };
}

let companies = 0;

/** A Dutch company with its contact, whom no other scenario has used. */
export function newCompany() {
  companies += 1;
  return {
    company_name: `Banketbakkerij Hartog & Zn. ${companies} B.V.`,
    domain_prefix: `hartog${process.pid}x${companies}`,
    address_line1: 'Ruyschstraat 48',
    postal_code: '1091 CC',
    city: 'Amsterdam',
    contact_first_name: 'Lotte',
    contact_last_name: 'van der Berg',
    contact_email: 'lotte@hartog.example',
  };
}

/** Opens the first step of the wizard and fills in company and contact. */
export async function startCustomer(page, company) {
  if (new URL(page.url()).pathname !== '/customers/new') await page.goto('/customers/new');
  await fill(page, company);
}

/** The number of the wizard's step that is shown. */
export async function wizardStep(page) {
  const steps = await page.locator('.steps li').evaluateAll((all) => all.map((step) => step.getAttribute('aria-current')));
  return steps.indexOf('step') + 1;
}

/** From a page of customers that shows only the latest drafts on to the one with all. */
async function allDrafts(page) {
  const all = page.locator('main .drafts p a');
  if (await all.count() > 0) await page.goto(new URL(await all.getAttribute('href'), page.url()).href);
}

/** The names of the drafts that this page of customers offers to go on with; it says how many they are. */
export async function drafts(page) {
  await allDrafts(page);
  const list = page.locator('main .drafts');
  const names = await list.locator('li a').evaluateAll((all) => all.map((link) => link.textContent));
  if (names.length > 0) assert.equal(await seen(list.locator('summary')), words[await language(page)].drafts(names.length));
  return names.map(plain);
}

/** Goes on with a draft from the page of customers. */
export async function resume(page, name) {
  await allDrafts(page);
  const link = page.locator('main .drafts').getByRole('link', { name, exact: true, includeHidden: true });
  await reveal(link);
  return follow(page, () => link.click());
}

/** The heading of the page, without the words above it. */
export async function heading(page) {
  return plain((await page.locator('main h1').innerText()).split('\n').at(-1));
}
