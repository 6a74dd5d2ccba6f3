/** A click that is not possible: the console shows an error, or the element does not appear. */
import { errors, type Locator, type Page } from '@playwright/test';
import { pace } from '../model/pace.ts';

/** A console that polls shows a change up to 30 s later. */
const TIMEOUT_MS = 60_000;
/** What a click opens comes sooner, unless the click was lost. */
const OPENED_MS = 5_000;

/** A large page of scripts is slow on a machine that is busy with other processes. */
export function timeoutMs(): number {
  return TIMEOUT_MS * pace();
}

export class ConsoleRefusal extends Error {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = 'ConsoleRefusal';
  }
}

/**
 * Waits until one of the elements is visible.
 * @param what described for users, such as `the list of installed operators`.
 * @throws {ConsoleRefusal} if none appears, with what the console says meanwhile.
 */
export async function arrive(target: Locator, what: string): Promise<void> {
  await inTime(target.page(), `did not show ${what}`, (timeout) => first(target).waitFor({ timeout }));
}

/** @throws {ConsoleRefusal} if it does not appear, or can't be clicked, like the button of an incomplete form. */
export async function click(target: Locator, what: string): Promise<void> {
  await inTime(target.page(), `did not let ${what} be clicked`, (timeout) => first(target).click({ timeout }));
}

/**
 * Clicks until what the click opens has appeared: a list that is redrawn at that moment loses the click.
 * @throws {ConsoleRefusal} if it does not open.
 */
export async function open(target: Locator, what: string, opened: Locator): Promise<void> {
  await inTime(target.page(), `did not open ${what}`, async (timeout) => {
    const deadline = performance.now() + timeout;
    const soon = () => ({ timeout: Math.max(1, Math.min(OPENED_MS * pace(), deadline - performance.now())) });
    await first(target).click({ timeout });
    while (!(await happens(first(opened).waitFor(soon())))) {
      if (performance.now() >= deadline) throw new errors.TimeoutError(`${what} did not open`);
      await happens(first(target).click(soon()));
    }
  });
}

/** @returns false if it does not happen in time. */
async function happens(wait: Promise<void>): Promise<boolean> {
  try {
    await wait;
    return true;
  } catch (error) {
    if (error instanceof errors.TimeoutError) return false;
    throw error;
  }
}

/**
 * Waits until a submitted form has disappeared.
 * @param button of the form. @param what the form creates, such as `the operator`.
 * @throws {ConsoleRefusal} with the console's error message as soon as it shows one.
 */
export async function sent(button: Locator, what: string): Promise<void> {
  const page = button.page();
  const timeout = timeoutMs();
  const gone = button.waitFor({ state: 'hidden', timeout });
  const refused = alerts(page).first().waitFor({ timeout });
  for (const one of [gone, refused]) one.catch(() => undefined);
  await inTime(page, `did not accept ${what}`, () => Promise.race([gone, refused]));
  if (await button.isVisible()) throw await refusal(page, `did not accept ${what}`);
}

/** The text of an element on one line. */
export async function textOf(element: Locator): Promise<string> {
  return ((await element.textContent()) ?? '').replace(/\s+/g, ' ').trim();
}

function first(target: Locator): Locator {
  return visible(target).first();
}

/** Ignores hidden elements, which a reader does not see. */
export function visible(target: Locator): Locator {
  return target.filter({ visible: true });
}

function alerts(page: Page): Locator {
  return visible(page.locator('[class*="-c-alert"].pf-m-danger'));
}

async function inTime(page: Page, failed: string, wait: (timeout: number) => Promise<void>): Promise<void> {
  try {
    await wait(timeoutMs());
  } catch (error) {
    if (!(error instanceof errors.TimeoutError)) throw error;
    throw await refusal(page, failed, error);
  }
}

async function refusal(page: Page, failed: string, cause?: unknown): Promise<ConsoleRefusal> {
  const words = (await alerts(page).allTextContents()).map((text) => text.replace(/\s+/g, ' ').trim());
  const said = words.length === 0 ? '' : `; it says: ${words.join('; ')}`;
  return new ConsoleRefusal(`the console ${failed}${said}`, { cause });
}
