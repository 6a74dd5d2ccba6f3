import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from '@playwright/test';

/** Playwright's own browsers come first where they are installed; Debian's packages otherwise. */
const debianFirefox = '/usr/bin/firefox-esr';
const debianChromium = '/usr/bin/chromium';
// `certify` names both; Playwright on its own plays what is under labs/.
const lab = process.env['LABWRIGHT_LAB'] ?? './labs';
const reports = process.env['LABWRIGHT_REPORTS'] ?? './reports';
const asRoot = process.getuid?.() === 0;

const firefox = existsSync(debianFirefox)
  ? { browserName: 'firefox' as const, channel: 'moz-firefox', launchOptions: { executablePath: debianFirefox } }
  : { browserName: 'firefox' as const };

const chromium = {
  browserName: 'chromium' as const,
  launchOptions: {
    ...(existsSync(debianChromium) ? { executablePath: debianChromium } : {}),
    args: [
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-quic',
      '--no-first-run',
      ...(asRoot ? ['--no-sandbox'] : []),
    ],
  },
};

export default defineConfig({
  testDir: lab,
  globalSetup: './fixtures/global-setup.ts',
  outputDir: join(reports, 'test-results'),
  // Each step has its own deadline; this one only ends what hangs outside of steps.
  timeout: 30 * 60_000,
  fullyParallel: false,
  forbidOnly: process.env['CI'] !== undefined,
  retries: 0,
  workers: 2,
  reporter: [
    ['list'],
    ['html', { outputFolder: join(reports, 'html'), open: 'never' }],
    ['junit', { outputFile: join(reports, 'junit.xml') }],
    ['allure-playwright', { resultsDir: join(reports, 'allure-results') }],
    ['./reporters/certificate.ts', { outputFile: join(reports, 'certificate.html') }],
    ['./reporters/summary.ts', { outputDir: reports }],
  ],
  use: { trace: 'retain-on-failure', viewport: { width: 1280, height: 800 } },
  projects: [
    { name: 'firefox', use: firefox, workers: 1 },
    { name: 'chromium', use: chromium, workers: 1 },
  ],
});
