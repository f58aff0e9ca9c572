// How much work the daily work is: page loads, keystrokes and clicks, counted by pressing real keys.

import assert from 'node:assert/strict';
import { scenario, screenshot } from './support.mjs';
import { visit } from './verbs.mjs';

/**
 * A keyboard that counts groups of keystrokes: a run of Tabs, a text typed in one go, an Enter. It counts the pages that
 * were loaded as well.
 */
function keyboard(page) {
  const count = { groups: 0, loads: 0 };
  page.on('framenavigated', (frame) => { if (frame === page.mainFrame()) count.loads += 1; });
  const isAt = (selector) => page.evaluate((wanted) => document.activeElement?.matches(wanted), selector);
  return {
    count,
    async type(text) {
      count.groups += 1;
      await page.keyboard.type(text);
    },
    async tabTo(selector) {
      count.groups += 1;
      for (let tabs = 0; tabs < 120; tabs += 1) {
        await page.keyboard.press('Tab');
        if (await isAt(selector)) return;
      }
      throw new Error(`no way to ${selector} by keyboard`);
    },
    /** Presses Enter and waits for the page that it leads to. */
    async enter() {
      count.groups += 1;
      const before = count.loads;
      await page.keyboard.press('Enter');
      await page.waitForFunction(() => document.readyState === 'complete');
      for (let tries = 0; count.loads === before && tries < 200; tries += 1) await page.waitForTimeout(10);
      await page.waitForLoadState();
    },
  };
}

async function focused(page) {
  return page.evaluate(() => document.activeElement?.name ?? '');
}

scenario('ten customers in a row take at most 11 page loads and 25 groups of keystrokes', { as: 'sales' }, async (page) => {
  await visit(page, '/customers?status=not-confirmed');
  const keys = keyboard(page);
  await keys.tabTo('#commands a.primary');
  await keys.enter();
  const of = (await page.locator('.place b').innerText()).match(/^1 of (\d+)$/)[1];
  for (let number = 1; number <= 10; number += 1) {
    assert.equal(await page.locator('.place b').innerText(), `${number} of ${of}`);
    assert.equal(await focused(page), 'date_agreed');
    await keys.type('3-4-2026');
    await keys.enter();
  }
  assert.equal(await page.locator('.place b').innerText(), `11 of ${of}`);
  assert.match(await page.locator('.msg[role=status]').innerText(), /^Confirmation recorded for /);
  assert.ok(keys.count.loads <= 11, `${keys.count.loads} page loads`);
  assert.ok(keys.count.groups <= 25, `${keys.count.groups} groups of keystrokes`);
});

scenario('one customer takes at most 12 groups of keystrokes from signing in', {}, async (page, { password }) => {
  const keys = keyboard(page);
  if ((await focused(page)) !== 'email') await keys.tabTo('[name=email]');
  await keys.type('sales@noordster.example');
  await keys.tabTo('[name=password]');
  await keys.type(password);
  await keys.enter();
  const name = await page.evaluate(async () => {
    const list = new DOMParser().parseFromString(
      await (await fetch('/customers?status=not-confirmed&sort=-name')).text(),
      'text/html',
    );
    return list.querySelector('tbody th .sub').textContent;
  });
  await keys.tabTo('#q');
  await keys.type(name);
  await keys.enter();
  assert.match(page.url(), /\/account\?/);
  await keys.tabTo('main a[href*="/agreements/new"]');
  await keys.enter();
  assert.equal(await focused(page), 'date_agreed');
  await keys.type('3-4-2026');
  await keys.enter();
  assert.match(await page.locator('.msg.ok').innerText(), /^Confirmation recorded for /);
  assert.ok(keys.count.groups <= 12, `${keys.count.groups} groups of keystrokes`);
});

scenario('a person is filled in without a load, and nothing that was typed is lost', { as: 'sales' }, async (page) => {
  await visit(page, '/customers/queue?status=not-confirmed');
  const value = (name) => page.locator(`main [name=${name}]`).inputValue();
  const press = (words) => page.locator('.prefill').getByRole('button', { name: words }).click();
  const first = await value('first_name');
  assert.ok(first);
  await page.locator('[name=date_agreed]').fill('3-4-2026');
  let loads = 0;
  page.on('framenavigated', () => { loads += 1; });
  await press('Someone else');
  assert.deepEqual([await value('first_name'), await value('email'), await value('date_agreed')], ['', '', '3-4-2026']);
  assert.equal(await focused(page), 'first_name');
  await press(/^Primary contact/);
  assert.equal(await value('first_name'), first);
  assert.equal(await page.locator('.filled').innerText(), 'Check that this person accepted.');
  await page.locator('[name=first_name]').fill('Jan');
  await press(/^Primary contact/);
  assert.equal(await value('first_name'), 'Jan');
  assert.match(await page.locator('.filled').innerText(), /^What you typed was kept/);
  assert.equal(await value('date_agreed'), '3-4-2026');
  assert.equal(loads, 0);
  page.on('dialog', (dialog) => dialog.accept());
});

scenario('forty customers are confirmed with at most 10 clicks', { as: 'sales' }, async (page) => {
  await visit(page, '/customers');
  let clicks = 0;
  const click = async (target) => {
    clicks += 1;
    await target.click();
    await page.waitForLoadState();
  };
  await click(page.locator('.views a').nth(1));
  await click(page.locator('[data-pick] input'));
  const picked = Number((await page.locator('#picked').innerText()).match(/^(\d+) selected$/)[1]);
  assert.ok(picked >= 40, `${picked} on a page`);
  await screenshot(page, 'list with a selection');
  await click(page.locator('.table-bar button').first());
  await screenshot(page, 'selection');
  await click(page.getByRole('button', { name: 'Today' }));
  await click(page.locator('#attest'));
  await click(page.locator('form.compact button.primary'));
  assert.match(await page.locator('h1').innerText(), /^\d+ of \d+ customers confirmed$/);
  await screenshot(page, 'selection confirmed');
  assert.ok(clicks <= 10, `${clicks} clicks`);
});

scenario('the list shows rows, not chrome', { as: 'sales' }, async (page) => {
  for (const list of ['/customers', '/customers?status=blocked']) {
    await visit(page, list);
    const rows = await page.locator('tbody tr').evaluateAll((all) => all.map((row) => {
      const { top, bottom, height } = row.getBoundingClientRect();
      return { top, bottom, height };
    }));
    assert.ok(rows[0].top <= 330, `${list}: the first row is at ${rows[0].top}`);
    const heights = rows.map(({ height }) => height);
    assert.ok(Math.max(...heights) <= 56, `${list}: a row is ${Math.max(...heights)} high`);
    const whole = rows.filter(({ bottom }) => bottom <= 800).length;
    assert.ok(whole >= 8, `${list}: ${whole} whole rows`);
  }
});

for (const width of [640, 700, 768, 900, 1023]) {
  scenario(`nothing in the list is cut at ${width} px`, { as: 'sales', width }, async (page) => {
    await visit(page, '/customers?status=blocked');
    const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.equal(tooWide, 0, 'the page scrolls sideways');
    const broken = await page.evaluate(() => {
      const lines = (node) => {
        const range = document.createRange();
        range.selectNodeContents(node);
        return new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size;
      };
      const words = [...document.querySelectorAll('.list :is(thead th, tbody td)')].flatMap((cell) => {
        const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
        const found = [];
        while (walker.nextNode()) found.push(walker.currentNode);
        return found;
      });
      // A text of one word on two lines was cut.
      return words.filter((text) => !/\s/.test(text.textContent.trim()) && lines(text) > 1).map((text) => text.textContent);
    });
    assert.deepEqual(broken, []);
    await screenshot(page, `list at ${width}`);
  });
}
