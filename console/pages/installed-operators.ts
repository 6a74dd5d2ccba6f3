/** Installed Operators: the list, and the page of one operator with a tab for each kind that it offers. */
import type { Page } from '@playwright/test';
import type { CreateInstance } from '../../model/console.ts';
import { click, open } from '../refusal.ts';

export class InstalledOperators {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Opens the operator, then the kind's tab, and clicks Create there. */
  async openCreate({ operator, tab }: CreateInstance): Promise<void> {
    const row = this.#page.locator(`[data-test-operator-row="${operator}"]`);
    const kind = this.#page.locator(`[data-test-id="horizontal-link-${tab}"]`);
    const create = this.#page.locator('[data-test="item-create"]');
    await open(row, `${operator} in the list of operators`, kind);
    await open(kind, `the tab ${tab}`, create);
    await click(create, `Create ${tab}`);
  }
}
