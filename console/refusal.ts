/** What stands in the way of a click: the console says so, or what should be clicked does not appear. */
import { errors, type Locator, type Page } from '@playwright/test';

/** A console that watches by polling shows a change up to 30 s later. */
export const PATIENCE_MS = 60_000;

export class ConsoleRefusal extends Error {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = 'ConsoleRefusal';
  }
}

/**
 * Waits for what a click should lead to; what the console says against it ends the wait.
 * @param what for people: `the list of installed operators`.
 * @throws {ConsoleRefusal} with the console's own words, or that it does not appear.
 */
export async function arrive(page: Page, target: Locator, what: string): Promise<void> {
  const said = page.locator('[class*="-c-alert"].pf-m-danger');
  try {
    await target.or(said).first().waitFor({ timeout: PATIENCE_MS });
  } catch (error) {
    if (!(error instanceof errors.TimeoutError)) throw error;
    throw new ConsoleRefusal(`the console did not show ${what}`, { cause: error });
  }
  if (await target.first().isVisible()) return;
  throw new ConsoleRefusal(`the console did not go on to ${what}, but says: ${await textOf(said.first())}`);
}

/** The text of an element on one line. */
export async function textOf(element: Locator): Promise<string> {
  return ((await element.textContent()) ?? '').replace(/\s+/g, ' ').trim();
}
