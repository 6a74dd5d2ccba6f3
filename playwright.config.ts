import { join } from 'node:path';
import { defineConfig } from '@playwright/test';
import { chromium, firefox } from './fixtures/browsers.ts';

// `certify` names both; Playwright on its own plays what is under labs/.
const lab = process.env['LABWRIGHT_LAB'] ?? './labs';
const reports = process.env['LABWRIGHT_REPORTS'] ?? './reports';
// Set by `certify`, which keeps a history.
const run = process.env['LABWRIGHT_RUN'];
const facts = run ? JSON.parse(run) : undefined;
// For `report merge`: to be written, or being read.
const blob = process.env['LABWRIGHT_BLOB'] !== undefined;
const merging = process.env['LABWRIGHT_MERGE'] !== undefined;
export default defineConfig({
  testDir: lab,
  // A lab's own unit tests (*.test.ts) are Node's.
  testMatch: '**/*.spec.ts',
  globalSetup: './fixtures/global-setup.ts',
  outputDir: join(reports, 'test-results'),
  // Each step has its own deadline; this one only ends what hangs outside of steps.
  timeout: 30 * 60_000,
  fullyParallel: false,
  forbidOnly: process.env['CI'] !== undefined,
  retries: 0,
  // Browsers that share a real cluster play one after the other.
  workers: process.env['LABWRIGHT_CLUSTER'] === undefined ? 2 : 1,
  // A mere list of the tests must not replace a run's certificate.
  reporter: process.argv.includes('--list')
    ? 'list'
    : [
        // What happens during a run; a merge only repeats it.
        ...(merging ? [] : [['./reporters/progress.ts'] as const, ['./reporters/halt.ts'] as const]),
        ...(blob ? [['blob', { outputDir: join(reports, 'blob') }] as const] : []),
        ['html', { outputFolder: join(reports, 'html'), open: 'never' }],
        ['junit', { outputFile: join(reports, 'junit.xml') }],
        // Allure's results are files that need no retelling.
        ...(merging ? [] : [['allure-playwright', { resultsDir: join(reports, 'allure-results') }] as const]),
        [
          './reporters/certificate.ts',
          {
            outputFile: join(reports, 'certificate.html'),
            ...(facts ? { history: process.env['LABWRIGHT_INDEX'] ?? 'index.html' } : {}),
          },
        ],
        ['./reporters/summary.ts', { outputDir: reports, link: facts?.link }],
        ['./reporters/history.ts', { outputFile: join(reports, 'run.json'), facts }],
      ],
  // A failed step shows its YAML, output and screenshot; a trace (--trace on) records each of a sample's thousand requests.
  use: { trace: 'off', viewport: { width: 1280, height: 800 } },
  projects: [
    { name: 'firefox', use: firefox, workers: 1 },
    // One window for the whole lab, as a reader has it, emptied of cookies and storage between exercises: a window of its own
    // for each costs more than a second of processor time. In Firefox clearing it sometimes fails while a page is still loading.
    { name: 'chromium', use: { ...chromium, reuseContext: true }, workers: 1 },
  ],
});
