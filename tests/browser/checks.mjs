// What must be true of every page, whatever it is about.

import assert from 'node:assert/strict';
import axe from '@axe-core/playwright';
import { LONG, screenshot } from './support.mjs';
import { field, language, plain, seen } from './verbs.mjs';
import { words } from './words.mjs';

const AxeBuilder = axe.default ?? axe;
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What the page is looked at in: the windows and colour schemes of a language. The long run looks at all of them. */
function looks(wanted) {
  const every = [320, 768, 1280].flatMap((width) => ['light', 'dark'].map((scheme) => ({ width, scheme })));
  if (LONG) return every;
  if (wanted === 'nl') return [{ width: 320, scheme: 'light' }];
  return [{ width: 1280, scheme: 'light' }, { width: 1280, scheme: 'dark' }, { width: 320, scheme: 'light' }];
}

/** No accessibility finding and no sideways scrolling in any of the looks. Leaves the window as it was. */
export async function looksRight(page, name) {
  const before = page.viewportSize();
  const spoken = await language(page);
  for (const { width, scheme } of looks(spoken)) {
    await page.emulateMedia({ colorScheme: scheme });
    await page.setViewportSize({ width, height: 800 });
    const look = `${name} ${width} ${spoken} ${scheme}`;
    await screenshot(page, look);
    await doesNotScrollSideways(page, look);
    await hasNoAccessibilityFindings(page, look);
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(before);
}

async function hasNoAccessibilityFindings(page, look) {
  const { violations, passes } = await new AxeBuilder({ page }).options({
    runOnly: { type: 'tag', values: RULES },
    rules: { 'target-size': { enabled: true } }, // WCAG 2.2 AA, off by default
  }).analyze();
  assert.ok(passes.length > 0, `${look}: axe looked at nothing`);
  const findings = violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${help}\n    ${html.slice(0, 300)}\n    ${failureSummary.replace(/\s+/g, ' ')}`));
  if (findings.length > 0) assert.fail(`${look}: ${findings.length} accessibility findings\n  ${findings.join('\n  ')}`);
}

async function doesNotScrollSideways(page, look) {
  const { overflow, culprits } = await page.evaluate(() => {
    const room = document.documentElement.clientWidth;
    const reach = Math.max(document.documentElement.scrollWidth, document.body.scrollWidth);
    const wide = [...document.body.querySelectorAll('*')].filter((element) => element.getBoundingClientRect().right > room + 1);
    return {
      overflow: reach - room,
      culprits: wide.slice(-5).map((element) => element.outerHTML.slice(0, 160)),
    };
  });
  assert.ok(overflow <= 0, `${look}: ${overflow} px wider than the window\n  ${culprits.join('\n  ')}`);
}

/** The skeleton of every page; it needs no script, so it holds for pages with scripts off. */
export async function isWellFormed(page) {
  const found = await page.evaluate(() => {
    const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
    const unlabelled = [...document.querySelectorAll('input:not([type=hidden]), select, textarea')]
      .filter((control) => {
        const named = control.getAttribute('aria-labelledby')?.split(' ').every((id) => document.getElementById(id)?.textContent.trim());
        return control.labels.length === 0 && !control.getAttribute('aria-label') && !named;
      });
    return {
      title: document.title.trim() !== '',
      headings: document.querySelectorAll('h1').length,
      mains: document.querySelectorAll('main').length,
      repeated: ids.filter((id, index) => ids.indexOf(id) !== index),
      unlabelled: unlabelled.map((control) => control.outerHTML),
      inline: document.querySelectorAll('[style], style, script:not([src]), [onclick], [onsubmit]').length,
    };
  });
  assert.deepEqual(found, { title: true, headings: 1, mains: 1, repeated: [], unlabelled: [], inline: 0 });
  await doesNotScrollSideways(page, page.url());
}

/**
 * The page says what is wrong: `expected` maps the name of a field to its message (a string, a pattern, or undefined
 * when only the place matters). The summary says the same words and leads to the fields, and no other field is named.
 */
export async function saysWhatIsWrong(page, expected) {
  const spoken = words[await language(page)];
  assert.ok((await page.title()).startsWith(`${spoken.errorPrefix} `), `title: ${await page.title()}`);
  const summary = page.locator('.errors');
  assert.ok((await seen(summary)).includes(spoken.problem));
  const links = await summary.locator('a').evaluateAll((all) =>
    all.map((link) => [link.getAttribute('href'), link.textContent]));
  assert.deepEqual(links.map(([target]) => target).sort(), Object.keys(expected).map((name) => `#${name}`).sort());
  for (const [target, linked] of links) {
    const name = target.slice(1);
    const message = plain(linked);
    if (expected[name] instanceof RegExp) assert.match(message, expected[name]);
    else if (expected[name] !== undefined) assert.equal(message, expected[name]);
    assert.ok((await seen(page.locator(`#${name}-error`))).endsWith(message), `${name}: the words at the field`);
    assert.equal(await field(page, name).getAttribute('id'), name);
    assert.equal(await field(page, name).getAttribute('aria-invalid'), 'true');
    assert.ok((await field(page, name).getAttribute('aria-describedby')).split(' ').includes(`${name}-error`));
  }
}
