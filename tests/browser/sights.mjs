import assert from 'node:assert/strict';
import { isWellFormed, looksRight } from './checks.mjs';
import { LONG, scenario } from './support.mjs';
import {
  acceptedByPerson, acceptedDirectly, fill, follow, newCompany, openCustomer, openUpdateForm, rows, save, startCustomer, switchAccount,
  trySignIn, useLanguage, visit,
} from './verbs.mjs';
import { accounts } from './words.mjs';

// The demo's list says “accepted directly” in the reader's language, so customers are looked up in English.
async function openIn(page, spoken, customer) {
  await useLanguage(page, 'en');
  const found = await openCustomer(page, customer);
  await useLanguage(page, spoken);
  return found;
}

// As long as the fields take them, without a place to break.
const LONG_WORDS = {
  company_name: 'Hottentottententententoonstelling'.repeat(6),
  address_line1: 'x'.repeat(200),
  contact_last_name: 'y'.repeat(50),
  contact_email: `${'z'.repeat(60)}@hartog.example`,
};

/** Goes through the first step of the wizard. */
async function toSubscriptions(page, { accepted = true, ...more } = {}) {
  await startCustomer(page, { ...newCompany(), ...more });
  if (accepted) {
    await page.locator('#accepted').check();
    await fill(page, { date_agreed: 'yesterday' });
  }
  assert.equal(await save(page), 200);
}

async function createWithLongWords(page) {
  await toSubscriptions(page, LONG_WORDS);
  await save(page);
  await save(page);
  assert.match(page.url(), /\/created$/);
}

/** Opens the subscriptions of a customer who has some. */
async function withSubscriptions(page, spoken, list = '/customers?status=confirmed') {
  for (let tries = 0; tries < 20; tries += 1) {
    const { account } = await openIn(page, spoken, { list });
    await visit(page, account.replace(/account$/, 'subscriptions'));
    if (await page.locator('main table').count()) return;
  }
  throw new Error('no customer with subscriptions');
}

// Every page and state that stands, by who looks at it, with the steps that lead there.
const sights = [
  ['sign in', null, async () => {}],
  ['sign in refused', null, (page, { language, scripts }) =>
    trySignIn(page, { email: `nobody-${language}-${scripts}@noordster.example`, password: 'wrong' })],
  ['customers', 'sales', (page) => visit(page, '/customers')],
  ['customers filtered', 'sales', (page) => visit(page, '/customers?status=not-confirmed&country=NL&q=b')],
  ['customers none found', 'sales', (page) => visit(page, '/customers?q=nobody-has-this-name')],
  ['customers of a manager', 'manager', (page) => visit(page, '/customers?sort=-agreed')],
  ['customers with a filter left out and the export open', 'manager', async (page) => {
    await visit(page, '/customers?agreed_from=2020-01-01&channel=import&country=atlantis');
    await page.locator('#export summary').click();
    await page.locator('#export [name=separator]').waitFor({ state: 'visible' });
  }],
  ['customers in the sandbox', 'admin', async (page) => {
    await switchAccount(page, accounts.sandbox);
    await visit(page, '/customers');
  }],
  ['customers in a national cloud', 'admin', async (page, { language }) => {
    await useLanguage(page, 'en');
    await switchAccount(page, accounts.nationalCloud);
    await useLanguage(page, language);
    await visit(page, '/customers');
  }],
  ['account confirmed', 'admin', (page, { language }) =>
    openIn(page, language, { list: '/customers?status=confirmed', where: acceptedByPerson })],
  ['account not confirmed', 'sales', (page, { language }) =>
    openIn(page, language, { list: '/customers?status=not-confirmed' })],
  ['account confirm again', 'sales', (page, { language }) =>
    openIn(page, language, { list: '/customers?status=reconfirmation-due', where: acceptedByPerson })],
  ['account accepted directly', 'sales', (page, { language }) => openIn(page, language, { where: acceptedDirectly })],
  ['account of a manager', 'manager', (page, { language }) =>
    openIn(page, language, { list: '/customers?status=not-confirmed' })],
  ['account not applicable', 'admin', async (page, { language }) => {
    await useLanguage(page, 'en');
    await switchAccount(page, accounts.nationalCloud);
    await openIn(page, language);
  }],
  ['account of an indirect reseller', 'admin', async (page, { language }) => {
    await useLanguage(page, 'en');
    await switchAccount(page, accounts.indirectReseller);
    await openIn(page, language);
  }],
  ['update', 'sales', async (page, { language }) => {
    await openIn(page, language, { list: '/customers?status=reconfirmation-due', where: acceptedByPerson });
    await openUpdateForm(page);
  }],
  ['queue', 'sales', (page) => visit(page, '/customers/queue?status=not-confirmed')],
  ['queue at a reconfirmation', 'sales', (page) => visit(page, '/customers/queue?status=reconfirmation-due')],
  ['selection', 'sales', async (page) => {
    await visit(page, '/customers?status=blocked');
    await page.locator('button[name=all]').click();
    await page.locator('#attest').waitFor();
  }],
  ['selection refused', 'sales', async (page) => {
    await visit(page, '/customers?status=blocked');
    await page.locator('button[name=all]').click();
    await page.locator('form.compact button.primary').click();
    await page.locator('.errors').waitFor();
  }],
  ['update refused', 'sales', async (page, { language }) => {
    await openIn(page, language, { list: '/customers?status=confirmed', where: acceptedByPerson });
    await openUpdateForm(page);
    await fill(page, { first_name: 'x'.repeat(51), email: 'anna@bakkerij', date_agreed: '1 Jan 2099' });
    assert.equal(await save(page), 422);
  }],
  ['update of an older acceptance', 'sales', async (page, { language }) => {
    await openIn(page, language, { list: '/customers?status=not-confirmed' });
    await openUpdateForm(page);
    await fill(page, { first_name: 'Anna', last_name: 'de Vries', email: 'anna@bakkerij.example', date_agreed: '2 Jan 2012' });
    await save(page);
  }],
  ['confirmations', 'manager', async (page, { language }) => {
    const { account } = await openIn(page, language, { list: '/customers?status=reconfirmation-due', where: acceptedByPerson });
    await visit(page, account.replace(/account$/, 'agreements'));
  }],
  ['confirmation record', 'manager', async (page, { language }) => {
    await openIn(page, language, { list: '/customers?status=reconfirmation-due', where: acceptedByPerson });
    await visit(page, await page.locator('section[aria-labelledby=h-mca] .acts a[href*="/agreements/"]:not([href$=new])').getAttribute('href'));
  }],
  ['history', 'manager', async (page, { language }) => {
    const { account } = await openIn(page, language, { list: '/customers?status=confirmed', where: acceptedByPerson });
    await visit(page, account.replace(/account$/, 'history'));
  }],
  ['confirmation status', 'manager', (page) => visit(page, '/status')],
  ['confirmation status of few, with a filter left out', 'sales', (page) => visit(page, '/status?period=4w&country=BE&agent=nobody')],
  ['confirmation status where nothing is held up', 'manager', async (page) => {
    await switchAccount(page, accounts.nationalCloud);
    await visit(page, '/status');
  }],
  ['pre-flight check', 'manager', (page) => visit(page, '/status/check')],
  ['pre-flight check with nothing', 'sales', async (page) => {
    await visit(page, '/status/check');
    assert.equal(await save(page), 422);
  }],
  ['pre-flight check answered', 'sales', async (page) => {
    await visit(page, '/customers?status=not-confirmed');
    const named = (await rows(page)).slice(0, 3).map(({ name }) => name);
    await visit(page, '/customers?status=confirmed');
    named.push((await rows(page))[0].name, 'Nobody at all, whose name is as long as names can be, B.V.');
    await visit(page, '/status/check');
    await fill(page, { lines: named.join('\n') });
    assert.equal(await save(page), 200);
  }],
  ['api clients', 'manager', (page) => visit(page, '/api-clients')],
  ['what programs may ask for', 'sales', (page) => visit(page, '/help/api')],
  ['api client refused', 'admin', async (page) => {
    await visit(page, '/api-clients');
    assert.equal(await save(page, 'form[action="/api-clients"]'), 422);
  }],
  ['api client made, and about to be revoked', 'admin', async (page, { language }) => {
    await visit(page, '/api-clients');
    await fill(page, { client_name: `Billing ${language} ${LONG}`.slice(0, 90) + page.viewportSize().width });
    assert.equal(await save(page, 'form[action="/api-clients"]'), 200);
    await page.locator('.row-acts summary').first().click();
  }],
  ['audit', 'manager', (page) => visit(page, '/audit')],
  ['audit with a filter left out and an entry open', 'sales', async (page) => {
    await visit(page, '/audit?type=acceptance_confirmed&from=2020-01-01&customer=nobody');
    await page.locator('.events summary').first().click();
  }],
  ['audit without an entry', 'admin', (page) => visit(page, '/audit?to=2001-01-01')],
  ['edit company', 'sales', async (page, { language }) => {
    const { account } = await openIn(page, language);
    await visit(page, `${account}/company`);
  }],
  ['edit company refused', 'sales', async (page, { language }) => {
    const { account } = await openIn(page, language);
    await visit(page, `${account}/company`);
    await fill(page, { company_name: '' });
    assert.equal(await save(page), 422);
  }],
  ['edit contact', 'sales', async (page, { language }) => {
    const { account } = await openIn(page, language);
    await visit(page, `${account}/contact`);
  }],
  ['edit contact changed meanwhile', 'sales', async (page, { context, language }) => {
    const { account } = await openIn(page, language);
    await visit(page, `${account}/contact`);
    const other = await context.newPage();
    await visit(other, `${account}/contact`);
    const contact = { contact_first_name: 'Noor', contact_last_name: 'Jansen', contact_email: 'noor@bakkerij.example' };
    await fill(other, contact);
    assert.equal(await save(other), 200);
    await other.close();
    await fill(page, { ...contact, contact_first_name: 'Femke' });
    assert.equal(await save(page), 409);
  }],
  ['session ended in a form', 'sales', async (page, { context, language }) => {
    await openIn(page, language, { list: '/customers?status=not-confirmed' });
    await openUpdateForm(page);
    await context.clearCookies({ name: /countersign$/ });
    assert.equal(await save(page), 401);
  }],
  ['not allowed', 'manager', async (page, { language }) => {
    const { account } = await openIn(page, language);
    assert.equal(await visit(page, account.replace(/account$/, 'agreements/new')), 403);
  }],
  ['new customer', 'sales', (page) => visit(page, '/customers/new')],
  ['new customer with everything wrong', 'sales', async (page) => {
    await visit(page, '/customers/new');
    await page.locator('#accepted').check();
    await page.locator('#acceptor-other').check();
    assert.equal(await save(page), 422);
  }],
  ['new customer in a country with states', 'sales', (page) => visit(page, '/customers/new?country=US')],
  ['new customer in a country with states, refused', 'sales', async (page) => {
    await visit(page, '/customers/new?country=US');
    await page.locator('#accepted').check();
    await fill(page, { date_agreed: '2 Jan 2012', postal_code: 'x'.repeat(60) });
    assert.equal(await save(page), 422);
  }],
  ['new customer in a country with a registration number', 'sales', async (page) => {
    await visit(page, '/customers/new?country=HU');
    assert.equal(await save(page), 422);
  }],
  ['new customer whose acceptance is older than the version', 'sales', async (page) => {
    await startCustomer(page, newCompany());
    await page.locator('#accepted').check();
    await fill(page, { date_agreed: '2 Jan 2012' });
    assert.equal(await save(page), 422);
  }],
  ['new customer of an indirect reseller', 'admin', async (page, { language }) => {
    await useLanguage(page, 'en');
    await switchAccount(page, accounts.indirectReseller);
    await useLanguage(page, language);
    await visit(page, '/customers/new');
  }],
  ['subscriptions of a new customer', 'sales', (page) => toSubscriptions(page)],
  ['subscriptions of a new customer with something wrong', 'sales', async (page) => {
    await toSubscriptions(page);
    await page.locator('[name=quantity]').first().fill('x');
    assert.equal(await save(page), 422);
  }],
  ['subscriptions of a new customer who has not accepted', 'sales', (page) => toSubscriptions(page, { accepted: false })],
  ['review of a new customer', 'sales', async (page) => {
    await toSubscriptions(page);
    await page.locator('[name=quantity]').first().fill('25');
    assert.equal(await save(page), 200);
  }],
  ['review of a new customer with warnings', 'sales', async (page) => {
    await toSubscriptions(page, { accepted: false, postal_code: '99' });
    await save(page);
  }],
  ['review of a new customer with long words', 'sales', async (page) => {
    await toSubscriptions(page, LONG_WORDS);
    for (const box of await page.locator('input[name=quantity]').all()) await box.fill('100');
    assert.equal(await save(page), 200);
  }],
  ['customer created', 'sales', async (page) => {
    await toSubscriptions(page);
    await page.locator('[name=quantity]').first().fill('25');
    await save(page);
    await save(page);
  }],
  ['customer created, seen again', 'sales', async (page) => {
    await toSubscriptions(page, { accepted: false });
    await save(page);
    await save(page);
    assert.equal(await visit(page, page.url()), 200);
  }],
  ['customer with long words created', 'sales', (page) => createWithLongWords(page)],
  ['account of a customer with long words', 'sales', async (page) => {
    await createWithLongWords(page);
    await visit(page, page.url().replace(/created$/, 'account'));
  }],
  ['update of a customer with long words', 'sales', async (page) => {
    await createWithLongWords(page);
    await visit(page, page.url().replace(/created$/, 'agreements/new'));
  }],
  ['customers with long words', 'sales', async (page) => {
    await createWithLongWords(page);
    await visit(page, `/customers?q=${LONG_WORDS.company_name.slice(0, 20)}`);
  }],
  ['customers with drafts', 'sales', async (page) => {
    await toSubscriptions(page, LONG_WORDS);
    await visit(page, '/customers');
    await page.locator('.drafts summary').click();
  }],
  ['subscriptions of a customer', 'sales', (page, { language }) => withSubscriptions(page, language)],
  ['subscriptions held up', 'sales', (page, { language }) => withSubscriptions(page, language, '/customers?status=reconfirmation-due')],
  ['change of licences', 'sales', async (page, { language }) => {
    await withSubscriptions(page, language);
    await follow(page, () => page.locator('.row-acts a').first().click());
  }],
  ['change of licences held up', 'sales', async (page, { language }) => {
    await withSubscriptions(page, language, '/customers?status=reconfirmation-due');
    const status = await page.locator('form[action$="/status"]').first().getAttribute('action');
    await visit(page, status.replace(/status$/, 'quantity'));
  }],
  ['change to fewer licences', 'sales', async (page, { language }) => {
    await withSubscriptions(page, language);
    await follow(page, () => page.locator('.row-acts a').first().click());
    await fill(page, { quantity: '1' });
    assert.equal(await save(page), 200);
  }],
  ['change of licences refused', 'sales', async (page, { language }) => {
    await withSubscriptions(page, language);
    await follow(page, () => page.locator('.row-acts a').first().click());
    await fill(page, { quantity: 'x' });
    assert.equal(await save(page), 422);
  }],
  ['renewals', 'manager', async (page, { language }) => {
    await withSubscriptions(page, language, '/customers?status=reconfirmation-due');
    await visit(page, page.url().replace(/subscriptions$/, 'renewals'));
  }],
  ['orders', 'manager', async (page, { language }) => {
    await withSubscriptions(page, language);
    await visit(page, page.url().replace(/subscriptions$/, 'orders'));
  }],
  ['an order', 'sales', async (page, { language }) => {
    await withSubscriptions(page, language);
    await visit(page, page.url().replace(/subscriptions$/, 'orders'));
    await follow(page, () => page.locator('main tbody a').first().click());
  }],
  ['order held up', 'sales', async (page, { language }) => {
    const { account } = await openIn(page, language, { list: '/customers?status=not-confirmed' });
    await visit(page, account.replace(/account$/, 'orders/new'));
  }],
  ['order held up, refused', 'sales', async (page, { language }) => {
    const { account } = await openIn(page, language, { list: '/customers?status=not-confirmed' });
    await visit(page, account.replace(/account$/, 'orders/new'));
    assert.equal(await save(page), 422);
  }],
  ['a kept order, continued', 'sales', async (page) => {
    await visit(page, '/status');
    await visit(page, await page.locator('section[aria-labelledby=blocked] td a').first().getAttribute('href'));
    await page.locator('.kept summary').first().click();
  }],
  ['kept orders of a customer', 'sales', async (page) => {
    await visit(page, '/status');
    const order = await page.locator('section[aria-labelledby=blocked] td a').first().getAttribute('href');
    await visit(page, order.replace(/orders\/.*$/, 'orders'));
  }],
  ['new order', 'sales', async (page, { language }) => {
    const { account } = await openIn(page, language, { list: '/customers?status=confirmed' });
    await visit(page, account.replace(/account$/, 'orders/new'));
  }],
  ['a customer without subscriptions', 'manager', async (page, { language }) => {
    const { account } = await openIn(page, language, { list: '/customers?status=not-confirmed' });
    await visit(page, account.replace(/account$/, 'subscriptions'));
  }],
  ['a customer without orders', 'manager', async (page, { language }) => {
    const { account } = await openIn(page, language, { list: '/customers?status=not-confirmed' });
    await visit(page, account.replace(/account$/, 'orders'));
  }],
  ['new order refused', 'sales', async (page, { language }) => {
    const { account } = await openIn(page, language, { list: '/customers?status=confirmed' });
    await visit(page, account.replace(/account$/, 'orders/new'));
    await page.locator('[name=quantity]').first().fill('x');
    assert.equal(await save(page), 422);
  }],
  ['review of an order', 'sales', async (page, { language }) => {
    const { account } = await openIn(page, language, { list: '/customers?status=confirmed' });
    await visit(page, account.replace(/account$/, 'orders/new'));
    await page.locator('[name=quantity]').first().fill('25');
    assert.equal(await save(page), 200);
  }],
  ['not found', 'sales', async (page) => assert.equal(await visit(page, '/no-such-page'), 404)],
  ['not found for a stranger', null, async (page) => { await visit(page, '/no-such-page'); }],
];

/** Visits every sight in a language: it is accessible, and never wider than the window. */
export function visitEverySight(language) {
  for (const [name, as, walk] of sights) {
    for (const scripts of LONG ? [true, 'blocked'] : [true]) {
      const how = scripts === 'blocked' ? `${language}, without scripts` : language;
      scenario(`accessible and never wider than the window: ${name} (${how})`, { as, language, scripts }, async (page, facts) => {
        await walk(page, facts);
        await isWellFormed(page);
        await looksRight(page, name);
      });
    }
  }
}
