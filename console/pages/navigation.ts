/** The menu at the side, and the project selector. */
import type { Locator, Page } from '@playwright/test';
import { arrive, textOf } from '../refusal.ts';

/** What only those see who are signed in. */
export const MENU = '#page-sidebar';

export class Navigation {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** @param entry of the menu's part `Operators`: `OperatorHub`, `Installed Operators`. */
  async openOperators(entry: string): Promise<void> {
    const menu = this.#page.locator(MENU);
    const part = menu.getByRole('button', { name: 'Operators', exact: true });
    const perspective = this.#page.locator('[data-test-id="perspective-switcher-toggle"]');
    const forDevelopers = perspective.filter({ hasText: 'Developer' });
    await arrive(this.#page, part.or(forDevelopers), 'Operators in its menu');
    if (!(await part.isVisible())) await this.#administer(forDevelopers);
    await arrive(this.#page, part, 'Operators in its menu');
    const link = menu.getByRole('link', { name: entry, exact: true });
    if ((await part.getAttribute('aria-expanded')) !== 'true') await part.click();
    await link.click();
  }

  /** Developers see no operators in their menu, and a tour on their first visit. */
  async #administer(switcher: Locator): Promise<void> {
    const skip = this.#page.locator('[data-test="tour-step-footer-secondary"]');
    if (await skip.isVisible()) await skip.click();
    await switcher.click();
    const option = this.#page.locator('[data-test-id="perspective-switcher-menu-option"]');
    await option.filter({ hasText: 'Administrator' }).click();
  }

  /** @param project undefined: all of them. */
  async chooseProject(project: string | undefined): Promise<void> {
    const bar = this.#page.locator('[data-test-id="namespace-bar-dropdown"]').getByRole('button').first();
    await arrive(this.#page, bar, 'its project selector');
    const name = project ?? 'All Projects';
    if ((await textOf(bar)) === `Project: ${name}`) return;
    await bar.click();
    const filter = this.#page.locator('[data-test="dropdown-text-filter"]');
    await filter.fill(name);
    const item = this.#page.locator('[data-test="dropdown-menu-item-link"]').getByText(name, { exact: true });
    // Projects of the platform are hidden until they are asked for.
    const platform = this.#page.locator('[data-test="showSystemSwitch"]');
    await item.or(platform).first().waitFor();
    if (!(await item.first().isVisible()) && !(await platform.first().isChecked())) await platform.first().check();
    await arrive(this.#page, item, `the project ${name}`);
    await item.first().click();
  }
}
