/** The menu at the side, and the project selector. */
import type { Locator, Page } from '@playwright/test';
import { arrive, click, textOf, visible } from '../refusal.ts';

/** An element that only signed-in users see. */
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
    await arrive(part.or(forDevelopers), 'Operators in its menu');
    if (!(await part.isVisible())) await this.#administer(forDevelopers);
    await arrive(part, 'Operators in its menu');
    if ((await part.getAttribute('aria-expanded')) !== 'true') await click(part, 'Operators');
    await click(menu.getByRole('link', { name: entry, exact: true }), entry);
  }

  /** @param project undefined: all of them. */
  async chooseProject(project: string | undefined): Promise<void> {
    const bar = this.#page.locator('[data-test-id="namespace-bar-dropdown"]').getByRole('button').first();
    await arrive(bar, 'its project selector');
    const name = project ?? 'All Projects';
    if ((await textOf(bar)) === `Project: ${name}`) return;
    await click(bar, 'the project selector');
    await this.#page.locator('[data-test="dropdown-text-filter"]').fill(name);
    const item = this.#page.locator('[data-test="dropdown-menu-item-link"]').getByText(name, { exact: true });
    // The platform's projects are hidden by default; the switch that shows them is covered by its picture.
    const platform = this.#page.locator('[data-test="showSystemSwitch"]').first();
    await arrive(item.or(platform), `the project ${name}`);
    if ((await visible(item).count()) === 0) await platform.check({ force: true });
    await click(item, `the project ${name}`);
  }

  /** Developers see no operators in their menu, and a tour on their first visit. */
  async #administer(switcher: Locator): Promise<void> {
    const skip = this.#page.locator('[data-test="tour-step-footer-secondary"]');
    if (await skip.isVisible()) await skip.click();
    await click(switcher, 'the choice of a perspective');
    const option = this.#page.locator('[data-test-id="perspective-switcher-menu-option"]');
    await click(option.filter({ hasText: 'Administrator' }), 'the perspective Administrator');
  }
}
