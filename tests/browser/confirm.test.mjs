import assert from 'node:assert/strict';
import { isWellFormed, saysWhatIsWrong } from './checks.mjs';
import { scenario } from './support.mjs';
import {
  acceptedByPerson, block, field, fill, follow, openCustomer, openUpdateForm, save, seen, someone, switchAccount, trySignIn, values, visit,
} from './verbs.mjs';
import { accounts, day, typed, words, written } from './words.mjs';

const NOT_CONFIRMED = '/customers?status=not-confirmed';
const PERSON = ['first_name', 'last_name', 'email', 'phone_number'];

async function standsAs(page, standing, language = 'en') {
  const said = await seen(block(page, words[language].agreement));
  assert.ok(said.includes(standing), `${standing} in: ${said}`);
  return said;
}

async function confirm(page, person) {
  await openUpdateForm(page);
  await fill(page, { ...person, date_agreed: typed(day()) });
  assert.equal(await save(page), 200);
}

/** How often the customer's list of confirmations names the person. */
async function timesRecorded(page, account, { email }) {
  await page.goto(account.replace(/account$/, 'agreements'));
  return (await seen(page.locator('main'))).split(email).length - 1;
}

/** Opens the Update form of a customer who is not confirmed and whose primary contact is known. */
async function openFormWithContact(page) {
  for (let tries = 0; tries < 10; tries += 1) {
    const customer = await openCustomer(page, { list: NOT_CONFIRMED });
    await openUpdateForm(page);
    const contact = page.getByRole('button', { name: words.en.usePrimaryContact });
    if (await contact.count()) return { ...customer, contact };
  }
  throw new Error('no customer with a primary contact');
}

// The main walk: find a customer, confirm the acceptance, see the proof.
for (const { width, language, scripts } of [
  { width: 1280, language: 'en', scripts: true },
  { width: 320, language: 'en', scripts: true },
  { width: 320, language: 'nl', scripts: true },
  { width: 1280, language: 'en', scripts: false },
  { width: 320, language: 'nl', scripts: false },
]) {
  const how = `${language}, ${width} px, scripts ${scripts ? 'on' : 'off'}`;
  scenario(`an agent finds a customer, confirms the acceptance and sees the proof (${how})`, { as: 'sales', width, language, scripts }, async (page) => {
    const w = words[language];
    const { name, account } = await openCustomer(page, { list: NOT_CONFIRMED });
    await standsAs(page, w.notConfirmed, language);
    assert.match(await seen(page.locator('main')), w.consequence);
    await isWellFormed(page);

    await openUpdateForm(page);
    await isWellFormed(page);
    for (const label of [w.firstName, w.lastName, w.email, w.phone, w.date]) {
      assert.ok(await page.locator('main').getByLabel(label, { exact: true }).first().isVisible(), label);
    }
    // The primary contact may be filled in.
    await fill(page, { first_name: '', last_name: '', email: '', phone_number: '' });

    assert.equal(await follow(page, () => page.getByRole('button', { name: w.save, exact: true }).click()), 422);
    await saysWhatIsWrong(page, {
      first_name: w.firstNameMissing,
      last_name: w.lastNameMissing,
      email: w.emailMissing,
      date_agreed: w.dateMissing,
    });
    await isWellFormed(page);

    const person = someone({ phone_number: '+31 (0)20 555 01 17' });
    const before = day();
    await fill(page, { ...person, date_agreed: typed(before) });
    assert.equal(await follow(page, () => page.getByRole('button', { name: w.save, exact: true }).click()), 200);
    assert.equal(new URL(page.url()).pathname, account);
    assert.equal(await seen(page.locator('[role=status]').filter({ hasText: name }).first()), w.saved(name));
    const said = await standsAs(page, w.confirmed, language);
    assert.ok(said.includes(`${person.first_name} ${person.last_name}`), said);
    assert.ok(said.includes(person.email), said);
    assert.match(said, written(before, language));
    await isWellFormed(page);

    await page.reload();
    assert.equal(await page.getByText(w.saved(name)).count(), 0, 'the message is gone after a reload');

    await follow(page, () => page.locator('main').getByRole('link', { name: w.viewHistory }).first().click());
    assert.ok((await seen(page.locator('main'))).includes(person.email));
    await isWellFormed(page);

    await page.goto(account);
    await follow(page, () => page.getByRole('link', { name: w.history, exact: true }).first().click());
    assert.match(page.url(), /\/history$/);
    await isWellFormed(page);

    await page.goto(`/customers?q=${encodeURIComponent(person.email)}`);
    assert.equal(await page.locator('main table tbody tr').count(), 1);
    assert.ok((await seen(page.locator('main table tbody tr'))).includes(w.confirmed));
  });
}

scenario('wrong entries are named at their fields, and everything typed is kept', { as: 'sales' }, async (page) => {
  await openCustomer(page, { list: NOT_CONFIRMED });
  await openUpdateForm(page);
  const wrong = {
    first_name: 'x'.repeat(51),
    last_name: "van der Berg-O’Neill 李",
    email: 'anna@bakkerij',
    phone_number: '1234',
    date_agreed: '31-02-2026',
  };
  await fill(page, wrong);
  assert.equal(await save(page), 422);
  await saysWhatIsWrong(page, {
    first_name: undefined,
    email: words.en.emailForm,
    phone_number: undefined,
    date_agreed: words.en.dateReal,
  });
  assert.deepEqual(await values(page, Object.keys(wrong)), wrong);
});

scenario('the error summary has the focus and leads to the fields', { as: 'sales' }, async (page) => {
  await openCustomer(page, { list: NOT_CONFIRMED });
  await openUpdateForm(page);
  await fill(page, { first_name: '' });
  await save(page);
  await page.locator('.errors:focus').waitFor();
  for (const name of ['first_name', 'date_agreed']) {
    await page.locator(`.errors a[href="#${name}"]`).click();
    await page.locator(`#${name}:focus`).waitFor();
  }
});

scenario('a date in the future is refused, with the zone that decides what today is', { as: 'sales' }, async (page) => {
  await openCustomer(page, { list: NOT_CONFIRMED });
  await openUpdateForm(page);
  for (const days of [2, 400]) {
    await fill(page, { ...someone(), date_agreed: typed(day(days)) });
    assert.equal(await save(page), 422);
    await saysWhatIsWrong(page, {
      date_agreed: new RegExp(`^${words.en.dateFuture}.*Europe/Amsterdam`),
    });
    assert.equal(await field(page, 'date_agreed').inputValue(), typed(day(days)));
  }
});

scenario('dates are read as people write them, day first', { as: 'sales' }, async (page) => {
  for (const [text, expected] of [
    ['today', day()],
    ['yesterday', day(-1)],
    ['vandaag', day()],
    [`${day(-1).year}-${String(day(-1).month).padStart(2, '0')}-${String(day(-1).day).padStart(2, '0')}`, day(-1)],
    [`${day().day}/${day().month}/${day().year}`, day()],
    [` ${day().day}.${day().month}.${String(day().year).slice(2)} `, day()],
  ]) {
    await openCustomer(page, { list: NOT_CONFIRMED });
    await openUpdateForm(page);
    await fill(page, { ...someone(), date_agreed: text });
    assert.equal(await save(page), 200, text);
    assert.match(await standsAs(page, words.en.confirmed), written(expected), text);
  }
});

scenario('a date without a year is asked for in full', { as: 'sales' }, async (page) => {
  await openCustomer(page, { list: NOT_CONFIRMED });
  await openUpdateForm(page);
  await fill(page, { ...someone(), date_agreed: '27 mrt' });
  assert.equal(await save(page), 422);
  await saysWhatIsWrong(page, { date_agreed: words.en.datePart });
  assert.match(await field(page, 'date_agreed').inputValue(), /^27 Mar 20\d\d$/);
});

scenario('Today means the day on which it is pressed, not that of the page', { as: 'sales' }, async (page) => {
  await page.clock.install({ time: new Date('2026-12-04T22:50:00Z') });
  await openCustomer(page, { list: NOT_CONFIRMED });
  await openUpdateForm(page);
  const press = async (name) => {
    await page.getByRole('button', { name, exact: true }).click();
    return [await field(page, 'date_agreed').inputValue(), await page.locator('[name=entered_on]').inputValue()];
  };
  assert.deepEqual(await press('Today'), ['4 Dec 2026', '2026-12-04']);
  await page.clock.fastForward('20:00');
  assert.deepEqual(await press('Today'), ['5 Dec 2026', '2026-12-05'], 'past midnight in Amsterdam');
  assert.deepEqual(await press('Yesterday'), ['4 Dec 2026', '2026-12-05']);
});

scenario('a date before the version was published is a warning to tick, not an error', { as: 'sales' }, async (page) => {
  const { account } = await openCustomer(page, { list: NOT_CONFIRMED });
  const person = someone();
  await openUpdateForm(page);
  await fill(page, { ...person, date_agreed: '2 Jan 2012' });
  await save(page);
  const tick = field(page, 'older_than_version');
  assert.equal(await tick.isChecked(), false);
  assert.equal(await field(page, 'email').inputValue(), person.email);
  await isWellFormed(page);
  await tick.check();
  assert.equal(await save(page), 200);
  assert.equal(new URL(page.url()).pathname, account);
  assert.match(await standsAs(page, words.en.confirmed), written({ year: 2012, month: 1, day: 2 }));
});

for (const scripts of [true, false]) {
  scenario(`the primary contact can be taken over, scripts ${scripts ? 'on' : 'off'}`, { as: 'sales', scripts }, async (page) => {
    const { contact } = await openFormWithContact(page);
    const label = await seen(contact);
    if (scripts) {
      await contact.click();
      await page.waitForFunction(() => document.querySelector('main [name=first_name]').value !== '');
    } else {
      await follow(page, () => contact.click());
    }
    const { first_name, last_name, email } = await values(page, PERSON);
    assert.ok(label.endsWith(`${first_name} ${last_name}`), `${label}: ${first_name} ${last_name}`);
    assert.match(email, /@/);
    await fill(page, { date_agreed: typed(day()) });
    assert.equal(await save(page), 200);
    assert.ok((await standsAs(page, words.en.confirmed)).includes(email));
  });
}

scenario('the person recorded before can be taken over for the new version', { as: 'sales' }, async (page) => {
  await visit(page, '/customers?status=reconfirmation-due');
  const forms = await page.locator('tbody .row-acts a').evaluateAll((links) => links.map(({ href }) => href));
  const former = page.getByRole('button', { name: words.en.useFormer });
  // One button stands for both where the contact is who accepted.
  for (const form of forms) {
    await page.goto(form);
    if (await former.count() > 0) break;
  }
  const label = await seen(former);
  await former.click();
  await page.waitForFunction(() => document.querySelector('main [name=first_name]').value !== '');
  const { first_name, last_name, email } = await values(page, PERSON);
  assert.ok(label.endsWith(`${first_name} ${last_name}`), label);
  await fill(page, { date_agreed: typed(day()) });
  assert.equal(await save(page), 200);
  assert.ok((await standsAs(page, words.en.confirmed)).includes(email));
});

scenario('the same again is refused, whatever the case and the date, and another person is recorded', { as: 'sales' }, async (page) => {
  const { account } = await openCustomer(page, { list: NOT_CONFIRMED });
  const first = someone({ phone_number: '' });
  await confirm(page, first);

  await openUpdateForm(page);
  assert.ok((await seen(page.locator('main'))).includes(first.last_name), 'the form says what is recorded now');
  const again = { ...first, first_name: first.first_name.toUpperCase(), email: first.email.toUpperCase(), date_agreed: typed(day(-1)) };
  await fill(page, again);
  assert.equal(await save(page), 422);
  assert.match(await seen(page.locator('.errors')), words.en.same);
  assert.deepEqual(await values(page, Object.keys(again)), again);
  await isWellFormed(page);

  const second = someone({ last_name: 'de Vries' });
  await fill(page, { ...second, date_agreed: typed(day()) });
  assert.equal(await save(page), 200);
  assert.ok((await standsAs(page, words.en.confirmed)).includes(second.email));

  await page.goto(account.replace(/account$/, 'agreements'));
  const list = await seen(page.locator('main'));
  assert.ok(list.includes(first.email) && list.includes(second.email), 'both stay in the history');
  assert.ok(list.indexOf(second.email) < list.indexOf(first.email), 'newest first');
});

scenario('the history of the customer tells who did what and when', { as: 'sales' }, async (page) => {
  const { account } = await openCustomer(page, { list: NOT_CONFIRMED });
  const before = day();
  await confirm(page, someone());
  await page.goto(account.replace(/account$/, 'history'));
  const told = await seen(page.locator('main'));
  assert.match(told, /confirm/i);
  assert.match(told, written(before));
  assert.match(told, /\b\d{2}:\d{2} ([A-Z]{3,5}|[A-Z]\w+\/\w+)/);
});

scenario('Cancel leads back and records nothing', { as: 'sales' }, async (page) => {
  const { account } = await openCustomer(page, { list: NOT_CONFIRMED });
  await openUpdateForm(page);
  await fill(page, someone());
  const leave = (dialog) => dialog.accept(); // the warning about unsaved changes
  page.on('dialog', leave);
  await follow(page, () => page.locator('main').getByRole('link', { name: words.en.cancel, exact: true }).click());
  assert.equal(new URL(page.url()).pathname, account);
  await standsAs(page, words.en.notConfirmed);
});

scenario('the sandbox has customers of its own to confirm', { as: 'admin' }, async (page) => {
  await switchAccount(page, accounts.sandbox);
  await openCustomer(page);
  const person = someone();
  await confirm(page, person);
  assert.ok((await standsAs(page, words.en.confirmed)).includes(person.email));
});

for (const scripts of [true, false]) {
  scenario(`two clicks on Save and continue record one confirmation, scripts ${scripts ? 'on' : 'off'}`, { as: 'sales', scripts }, async (page) => {
    const once = { ...(await openCustomer(page, { list: NOT_CONFIRMED })), person: someone() };
    await confirm(page, once.person);
    const twice = { ...(await openCustomer(page, { list: NOT_CONFIRMED })), person: someone() };
    await openUpdateForm(page);
    await fill(page, { ...twice.person, date_agreed: typed(day()) });
    await follow(page, () => page.getByRole('button', { name: words.en.save, exact: true }).dblclick());
    await page.waitForURL(twice.account);

    const expected = await timesRecorded(page, once.account, once.person);
    assert.ok(expected > 0);
    assert.equal(await timesRecorded(page, twice.account, twice.person), expected);
  });
}

for (const scripts of [true, false]) {
  scenario(`a session that ends in the middle of the form loses nothing and saves nothing, scripts ${scripts ? 'on' : 'off'}`, { as: 'sales', scripts }, async (page, { context, password }) => {
    const { account } = await openCustomer(page, { list: NOT_CONFIRMED });
    const entries = { ...someone({ phone_number: '020 555 01 17' }), date_agreed: typed(day()) };
    await openUpdateForm(page);
    await fill(page, entries);
    await context.clearCookies({ name: /countersign$/ });

    assert.equal(await save(page), 401);
    assert.equal(await seen(page.locator('h1')), words.en.signIn);
    const carried = await page.locator('input[type=hidden]').evaluateAll((all) => all.map(({ value }) => value));
    for (const value of Object.values(entries)) assert.ok(carried.includes(value), `${value} is carried along`);
    await isWellFormed(page);

    const status = await trySignIn(page, { email: 'sales@noordster.example', password });
    assert.ok(status < 300, `the form came back with ${status}`);
    assert.deepEqual(await values(page, Object.keys(entries)), entries, 'the form is back as it was');
    await isWellFormed(page);

    const other = await context.newPage();
    await other.goto(account);
    await standsAs(other, words.en.notConfirmed);

    assert.equal(await save(page), 200);
    assert.equal(new URL(page.url()).pathname, account);
    assert.ok((await standsAs(page, words.en.confirmed)).includes(entries.email));
  });
}

scenario('what was typed does not reach a user who may not record it', { as: 'sales' }, async (page, { context, password }) => {
  const { account } = await openCustomer(page, { list: NOT_CONFIRMED });
  const entries = { ...someone(), date_agreed: typed(day()) };
  await openUpdateForm(page);
  await fill(page, entries);
  await context.clearCookies({ name: /countersign$/ });
  assert.equal(await save(page), 401);
  assert.equal(await trySignIn(page, { email: 'manager@noordster.example', password }), 403);

  await page.goto(account);
  await standsAs(page, words.en.notConfirmed);
});

scenario('two agents who confirm different people are both recorded', { as: 'sales' }, async (page, { context }) => {
  const { account } = await openCustomer(page, { list: NOT_CONFIRMED });
  const other = await context.newPage();
  await other.goto(account);
  const people = [someone(), someone()];
  await openUpdateForm(page);
  await openUpdateForm(other);
  await fill(page, { ...people[0], date_agreed: typed(day()) });
  await fill(other, { ...people[1], date_agreed: typed(day()) });
  assert.equal(await save(page), 200);
  assert.equal(await save(other), 200);
  assert.ok((await standsAs(other, words.en.confirmed)).includes(people[1].email));
  assert.equal(await visit(page, account.replace(/account$/, 'agreements')), 200);
  const list = await seen(page.locator('main'));
  for (const { email } of people) assert.ok(list.includes(email));
});
