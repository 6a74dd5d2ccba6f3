/** The OAuth server's pages: the choice of an identity provider, and the form for user and password. */
import type { Page } from '@playwright/test';
import type { ConsoleUser } from '../../model/console.ts';
import { arrive, ConsoleRefusal, visible } from '../refusal.ts';

/**
 * Signs in if the console asks for it.
 * @param signedIn an element that the console shows only to signed-in users.
 * @throws {ConsoleRefusal} if it asks and there is no user, or if it does not accept them.
 */
export async function signIn(page: Page, signedIn: string, user: ConsoleUser | undefined): Promise<void> {
  const inside = page.locator(signedIn);
  const form = page.locator('#inputPassword');
  const providers = page.locator('a[href*="/oauth/authorize"][href*="idp="]');
  await arrive(inside.or(form).or(providers), 'its menu or a form to sign in');
  if (await inside.first().isVisible()) return;
  if (user === undefined) throw new ConsoleRefusal('the console asks for a user, and none was given');
  if (!(await form.isVisible())) await chooseProvider(page, user);
  await arrive(form, 'a form for user and password');
  // Not `fill`: Playwright's reports and traces quote what it fills in.
  await page.locator('#inputUsername').evaluate(write, user.name);
  await form.evaluate(write, user.password);
  await page.locator('form:has(#inputPassword) [type="submit"]').click();
  const refused = page.locator('[role="alert"], .error-placeholder, .pf-m-error');
  await arrive(inside.or(refused), 'its menu after the form to sign in');
  if ((await visible(inside).count()) === 0)
    throw new ConsoleRefusal('the console did not accept the user or the password');
}

async function chooseProvider(page: Page, { provider }: ConsoleUser): Promise<void> {
  const offered = await page.locator('a[href*="idp="]').allTextContents();
  if (provider === undefined) {
    throw new ConsoleRefusal(`the console offers several ways to sign in (${offered.join(', ')}), and none was chosen`);
  }
  const link = page.locator('a[href*="idp="]').getByText(provider, { exact: true });
  if ((await link.count()) === 0)
    throw new ConsoleRefusal(
      `the console offers no way to sign in that is called ${provider}, but ${offered.join(', ')}`,
    );
  await link.first().click();
}

/** Runs in the page. */
function write(field: HTMLElement | SVGElement, text: string): void {
  if ('value' in field) field.value = text;
  field.dispatchEvent(new Event('input', { bubbles: true }));
}
