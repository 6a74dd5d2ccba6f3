/** The two browsers as a run starts them, for tests that open pages of their own. */
import { type Browser, chromium, firefox } from '@playwright/test';
import { chromium as chromiumUse, firefox as firefoxUse } from '../../fixtures/browsers.ts';

export type BrowserName = 'chromium' | 'firefox';

export const BROWSERS: readonly BrowserName[] = ['chromium', 'firefox'];

/** The caller closes it. */
export function launchBrowser(name: BrowserName): Promise<Browser> {
  if (name === 'chromium') return chromium.launch(chromiumUse.launchOptions);
  return firefox.launch({
    ...firefoxUse.launchOptions,
    ...('channel' in firefoxUse && { channel: firefoxUse.channel }),
  });
}
