/** The form that creates an instance of an operator's kind, filled with the values that the operator proposes. */
import type { Page } from '@playwright/test';
import { arrive, click, sent } from '../refusal.ts';

export class CreateForm {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Accepts the proposed values, and changes the name if the task gives one. */
  async create(name: string): Promise<void> {
    const create = this.#page.locator('[data-test="create-dynamic-form"]');
    await arrive(create, 'the form of a new instance');
    const field = this.#page.locator('#root_metadata_name');
    if ((await field.inputValue()) !== name) await field.fill(name);
    await click(create, 'Create');
    await sent(create, name);
  }
}
