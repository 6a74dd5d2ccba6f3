/** Installed Operators: the list, and the page of one operator with a tab for each kind that it offers. */
import type { Page } from '@playwright/test';
import type { CreateInstance } from '../../model/console.ts';
import { arrive } from '../refusal.ts';

export class InstalledOperators {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Opens the operator, the tab of the kind, and what its button Create leads to. */
  async openCreate({ operator, tab }: CreateInstance): Promise<void> {
    const row = this.#page.locator(`[data-test-operator-row="${operator}"]`).first();
    await arrive(this.#page, row, `${operator} among the installed operators`);
    await row.click();
    const link = this.#page.locator(`[data-test-id="horizontal-link-${tab}"]`).first();
    await arrive(this.#page, link, `the tab ${tab}`);
    await link.click();
    const create = this.#page.locator('[data-test="item-create"]').first();
    await arrive(this.#page, create, `the button that creates a ${tab}`);
    await create.click();
  }
}
