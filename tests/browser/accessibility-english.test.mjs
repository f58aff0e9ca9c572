import assert from 'node:assert/strict';
import { visitEverySight } from './sights.mjs';
import { scenario } from './support.mjs';
import { acceptedByPerson, openCustomer } from './verbs.mjs';

visitEverySight('en');

scenario('the first Tab reaches the way past the navigation', { as: 'sales' }, async (page) => {
  await page.keyboard.press('Tab');
  const skip = page.locator('a:focus');
  assert.equal(await skip.getAttribute('href'), '#main');
  await page.keyboard.press('Enter');
  await page.locator('#main:focus').waitFor();
});

scenario('a page is light: 50 kB, and at most three files besides it', { as: 'sales' }, async (page, { context }) => {
  const { account } = await openCustomer(page, { list: '/customers?status=confirmed', where: acceptedByPerson });
  const customer = account.replace(/account$/, '');
  for (const address of ['/customers', '/customers/new', `${customer}orders/new`, `${customer}subscriptions`, account, `${customer}agreements/new`, `${customer}history`]) {
    const fresh = await context.newPage();
    const asked = [];
    fresh.on('request', (request) => asked.push(request));
    await fresh.goto(address, { waitUntil: 'load' });
    const icon = await fresh.locator('link[rel~=icon]').first().evaluate((link) => link.href);
    const files = asked.filter((request) => !request.isNavigationRequest() && request.url() !== icon);
    assert.ok(files.length <= 3, `${address} asks for ${files.map((request) => request.url())}`);
    const { responseBodySize } = await asked[0].sizes();
    assert.ok(responseBodySize <= 50_000, `${address}: ${responseBodySize} bytes`);
    await fresh.close();
  }
});
