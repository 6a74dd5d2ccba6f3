/** The page of several hundred nights, in a real browser: small, quick, usable by keyboard, and correct. */
/// <reference lib="dom" />
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Browser, chromium, type Locator } from '@playwright/test';
import { parseHistory } from '../../reporters/history/file.ts';
import { renderHistory } from '../../reporters/history/page/page.ts';
import { findCommand } from '../../setup/programs.js';
import { historyText, nights } from '../support/nights.ts';

const directory = mkdtempSync(join(tmpdir(), 'lw-history-page-'));
const file = join(directory, 'index.html');
const runs = nights(300);
const history = parseHistory([historyText(runs)]);
let browser: Browser;

before(async () => {
  writeFileSync(file, renderHistory(history));
  const system = findCommand('chromium', 'chromium-browser', 'google-chrome');
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  browser = await chromium.launch({ args, ...(system === undefined ? {} : { executablePath: system }) });
});
after(async () => {
  await browser?.close();
  rmSync(directory, { recursive: true, force: true });
});

const said = async (locator: Locator) => (await locator.allTextContents()).join('\n');

async function open(options: Parameters<Browser['newPage']>[0] = {}) {
  const page = await browser.newPage(options);
  const trouble: string[] = [];
  page.on('pageerror', (error) => trouble.push(error.message));
  page.on('console', (message) => message.type() === 'error' && trouble.push(message.text()));
  page.on('request', (request) => !request.url().startsWith('file:') && trouble.push(request.url()));
  await page.goto(`file://${file}`);
  await page.waitForFunction(() => document.querySelectorAll('canvas').length >= 15);
  return { page, trouble };
}

test('torn and duplicated lines among thousands cost no run', () => {
  assert.equal(history.runs.length, runs.length);
  assert.ok(history.skipped.torn > 20 && history.skipped.duplicate > 20);
});

test('2470 runs on nine releases and clusters fit in half a megabyte and are drawn within half a second', async () => {
  const html = renderHistory(history);
  assert.ok(html.length < 500_000, `${html.length} characters`);
  const started = performance.now();
  const { page, trouble } = await open();
  const took = performance.now() - started;
  // Half a second on an idle machine of two cores.
  assert.ok(took < 8_000, `${Math.round(took)} ms`);
  assert.deepEqual(trouble, []);
  await page.close();
});

test('it shows what fails, since when and why, what is flaky, and which wait will soon time out', async () => {
  const { page } = await open();
  const text = await said(page.locator('.masthead, .parts section'));
  assert.match(text, /7 of 9 passing/);
  assert.match(
    text,
    /“A\/B testing with Istio” has failed on 2\.6, classroom-west since 12 Sept? 2026, when Firefox went from 153\.0 to 154\.0\.1/,
  );
  assert.match(text, /2\.6, Sandbox in Firefox, since 12 Sept? 2026 \(50 times in a row\)/);
  assert.match(
    text,
    /2\.5, classroom-east: 8% of 10 min 00 s left\. If this continues, it will time out in about 2\d runs\./,
  );
  assert.match(
    text,
    /Unsteady steps[\s\S]*Canary deployment[\s\S]*2\.5, classroom-east in .*: \d of the newest 60 runs failed/,
  );
  assert.doesNotMatch(
    await said(page.locator('.failing')),
    /Encrypt the traffic/,
    'a failure that was fixed long ago is not reported',
  );
  await page.close();
});

test('charts can be read run by run with the keyboard, as text', async () => {
  const { page } = await open();
  const chart = page.getByRole('application', { name: /^Duration of whole runs/ });
  const words = chart.locator('xpath=following-sibling::p//output');
  await chart.focus();
  await page.keyboard.press('End');
  const last = await said(words);
  assert.match(last, /^2026-10-31 \d\d:\d\d UTC · 2\.\d, \S+ · [\d.]+ (s|min) · (not )?certified · Firefox 154\.0\.1/);
  await page.keyboard.press('ArrowLeft');
  assert.notEqual(await said(words), last);
  await chart.locator('xpath=following-sibling::p').getByRole('button', { name: 'later run' }).click();
  assert.equal(await said(words), last);
  await page.close();
});

test('a single release can be selected', async () => {
  const { page } = await open();
  const button = page.getByRole('button', { name: '2.5, classroom-east' });
  await button.click();
  assert.equal(await button.getAttribute('aria-pressed'), 'true');
  assert.equal(await page.locator('button[aria-pressed=true]').count(), 1);
  assert.match(await said(page.locator('output').first()), /2\.5, classroom-east/);
  await button.click();
  assert.equal(await page.locator('button[aria-pressed=true]').count(), 9);
  await page.close();
});

test('it fits a phone’s screen and has a dark mode', async () => {
  const { page, trouble } = await open({ viewport: { width: 360, height: 740 }, colorScheme: 'dark' });
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
  assert.equal(
    await page.evaluate(() => getComputedStyle(document.querySelector('.sheet') ?? document.body).backgroundColor),
    'rgb(27, 26, 24)',
  );
  assert.deepEqual(trouble, []);
  await page.close();
});
