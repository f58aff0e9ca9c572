// One portal and one browser for each test file, and a fresh browser context with every watch on it for each scenario.
//
// COUNTERSIGN_BIN              the program (default: target/debug/countersign of this repository)
// COUNTERSIGN_DEMO_PASSWORD    the demo users' password (default: one made up for each file)
// COUNTERSIGN_TEST_DEMO_DATA   the demo's data, which each file copies (default: each file makes its own)
// COUNTERSIGN_TEST_LONG=1      the full matrix of widths, languages, colour schemes and scripts
// CHROMIUM                     the browser (default: Debian's)
// SCREENSHOTS                  a folder to write PNGs to

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { PASSWORD, runnable, startPortal } from './portal.mjs';
import { signIn, useLanguage } from './verbs.mjs';

export const LONG = process.env.COUNTERSIGN_TEST_LONG === '1';

const WAIT_LIMIT_MS = 15_000;
const SCENARIO_LIMIT_MS = LONG ? 600_000 : 180_000;
const BROWSER = process.env.CHROMIUM ?? '/usr/bin/chromium';
const SCREENSHOTS = process.env.SCREENSHOTS;

let portal;
let browser;

before(async () => {
  portal = await startPortal();
  browser = await startBrowser();
});

after(async () => {
  await browser?.close();
  await portal?.stop();
});

/**
 * A test with a page of its own.
 *
 * `as` ('admin', 'sales' or 'manager') signs in first, `language` ('en' or 'nl') chooses the language, `width` the
 * window, `scripts` whether scripts run: true, false, or 'blocked', which keeps the portal's own scripts away and lets
 * the accessibility checker run. When the steps are done, whatever the browser complained of meanwhile fails the test.
 */
export function scenario(name, { as, language = 'en', width = 1280, scripts = true } = {}, steps) {
  test(name, { timeout: SCENARIO_LIMIT_MS }, async () => {
    const context = await browser.newContext({
      baseURL: portal.origin,
      javaScriptEnabled: scripts !== false,
      locale: language === 'nl' ? 'nl-NL' : 'en-GB',
      reducedMotion: 'reduce',
      timezoneId: 'Europe/Amsterdam',
      viewport: { width, height: 800 },
    });
    context.setDefaultTimeout(WAIT_LIMIT_MS);
    if (scripts === 'blocked') {
      await context.route(/\.m?js(\?|$)/, (route) => route.abort());
    }
    const complaints = watch(context, portal.origin, { blocked: scripts === 'blocked' });
    const page = await context.newPage();
    try {
      await page.goto('/sign-in');
      if (as) await signIn(page, { email: `${as}@noordster.example`, password: PASSWORD });
      await useLanguage(page, language);
      await steps(page, { context, language, origin: portal.origin, password: PASSWORD, scripts });
      assert.deepEqual(complaints(), [], 'the browser complained');
    } catch (error) {
      error.stack += await whereItStood(page, name);
      throw error;
    } finally {
      await context.close();
    }
  });
}

/** Writes a picture of the whole page when SCREENSHOTS names a folder. */
export async function screenshot(page, name) {
  if (!SCREENSHOTS) return;
  mkdirSync(SCREENSHOTS, { recursive: true });
  const file = name.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '');
  await page.screenshot({ path: path.join(SCREENSHOTS, `${file}.png`), fullPage: true });
}

/** Kills the portal as a power cut would, and starts it again on the same data and address. */
export async function killAndRestart() {
  const { folder, port } = portal;
  await portal.kill();
  portal = await startPortal({ folder, port });
}

async function startBrowser() {
  runnable(BROWSER, 'the browser: install Chromium or name it in CHROMIUM');
  return chromium.launch({
    executablePath: BROWSER,
    args: [
      '--no-sandbox', // a container has no user namespaces, and nothing but our own pages is opened
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

// Collects what no page of the portal may cause: a request to another host, an error in the console (a violation of
// the content security policy is one), an exception in a script, an answer that blames the server.
function watch(context, origin, { blocked }) {
  const found = [];
  const messages = [];
  const documents = new Set();
  context.on('request', (request) => {
    const { protocol, origin: asked } = new URL(request.url());
    if (protocol.startsWith('http') && asked !== origin) found.push(`asked another host: ${request.url()}`);
  });
  context.on('response', (response) => {
    if (response.request().isNavigationRequest()) documents.add(response.url());
    if (response.status() >= 500) found.push(`${response.status()} from ${response.url()}`);
  });
  context.on('console', (message) => {
    if (message.type() === 'error') messages.push({ text: message.text(), url: message.location().url });
  });
  context.on('weberror', (error) => found.push(`exception: ${error.error().message}`));

  // The browser notes every page with a 4xx status as an error too. Those statuses are the tests' own business.
  const expected = ({ text, url }) =>
    (/status of 4\d\d/.test(text) && documents.has(url)) || (blocked && /\.m?js(\?|$)/.test(url));
  return () => [
    ...found,
    ...messages.filter((message) => !expected(message)).map(({ text, url }) => `console: ${text} (${url})`),
  ];
}

async function whereItStood(page, name) {
  try {
    await screenshot(page, `failed ${name}`);
    const seen = (await page.locator('body').innerText({ timeout: 2_000 })).replace(/\s+/g, ' ').slice(0, 800);
    return `\n  at ${page.url()} “${await page.title()}”\n  ${seen}`;
  } catch {
    return `\n  at ${page.url()}`;
  }
}
