/** The end of a form that creates something: the console leaves it, or says why it does not. */
import type { Locator, Page } from '@playwright/test';
import { arrive } from '../refusal.ts';

/**
 * @param button that was clicked, of the form.
 * @param name of the new object, which the console then lists.
 * @throws {ConsoleRefusal} with the console's words.
 */
export async function leave(page: Page, button: Locator, name: string): Promise<void> {
  const listed = page.locator(
    `[data-test-operand-link="${name}"], [data-test-id="resource-title"], [data-test-section-heading]`,
  );
  await arrive(page, listed, `the new ${name}`);
  await button.waitFor({ state: 'hidden' });
}
