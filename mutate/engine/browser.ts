/** One browser for many mutants, each with its own context. */
import { type Browser, type BrowserContextOptions, chromium, firefox, type Page } from '@playwright/test';
import { chromium as chromiumOptions, firefox as firefoxOptions } from '../../fixtures/browsers.ts';
import type { BrowserName } from '../../model/lab.ts';

const TYPES = { chromium, firefox };
const OPTIONS = { chromium: chromiumOptions, firefox: firefoxOptions };

export class SharedBrowser {
  readonly name: BrowserName;
  #browser: Promise<Browser> | undefined;

  constructor(name: BrowserName) {
    this.name = name;
  }

  /** A page in a fresh context. @param disguise the browser that it claims to be. */
  async open(proxy: string | undefined, disguise?: BrowserName): Promise<Page> {
    const options: BrowserContextOptions = {
      ignoreHTTPSErrors: true,
      viewport: { width: 1280, height: 800 },
      ...(proxy === undefined ? {} : { proxy: { server: proxy } }),
      ...(disguise === undefined ? {} : { userAgent: USER_AGENTS[disguise] }),
    };
    return (await (await this.#launched()).newContext(options)).newPage();
  }

  async close(): Promise<void> {
    await (await this.#browser?.catch(() => undefined))?.close();
  }

  async #launched(): Promise<Browser> {
    if ((await this.#browser)?.isConnected() === false) this.#browser = undefined;
    const { channel, launchOptions } = { channel: undefined, launchOptions: {}, ...OPTIONS[this.name] };
    this.#browser ??= TYPES[this.name].launch({
      ...launchOptions,
      // The run handles signals, and closes the browser after everything else.
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
      ...(channel === undefined ? {} : { channel }),
    });
    return this.#browser;
  }
}

/** The user agent of each browser. */
const USER_AGENTS: Readonly<Record<BrowserName, string>> = {
  firefox: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  chromium: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
};
