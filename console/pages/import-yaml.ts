/** Import YAML: creates any objects from their text. */
import type { Page } from '@playwright/test';
import type { ConsoleControl, ImportYaml } from '../../model/console.ts';
import { arrive, ConsoleRefusal, click, textOf, visible } from '../refusal.ts';
import { YamlEditor } from './yaml-editor.ts';

export class ImportYamlPage {
  readonly #page: Page;
  readonly #found: (control: ConsoleControl) => void;

  /** @param found called with the form in which a control was found. */
  constructor(page: Page, found: (control: ConsoleControl) => void) {
    this.#page = page;
    this.#found = found;
  }

  /** @throws {ConsoleRefusal} with the console's message for each object that it could not create. */
  async create({ objects }: ImportYaml): Promise<void> {
    await this.#open();
    await arrive(this.#page.locator('.monaco-editor .view-line'), 'the editor of Import YAML');
    await new YamlEditor(this.#page).create(objects, 'the YAML');
    if (objects.length > 1) await this.#results();
  }

  /** A button up to 4.17, an entry of the drop-down Quick create from 4.18 on. */
  async #open(): Promise<void> {
    const button = this.#page.locator('[data-test="import-yaml"]');
    const list = this.#page.locator('[data-test="quick-create-dropdown"]');
    await arrive(button.or(list), 'Import YAML at the top');
    const isButton = await button.isVisible();
    this.#found({ name: 'Import YAML', form: isButton ? 'button' : 'drop-down' });
    if (isButton) return click(button, 'Import YAML');
    await click(list, 'Quick create');
    await click(this.#page.locator('[data-test="qc-import-yaml"]'), 'Import YAML');
  }

  /** Several objects are created one after the other, each with a line that says how it went. */
  async #results(): Promise<void> {
    const status = this.#page.locator('.co-import-yaml-status');
    const created = status.getByText('Resources successfully created');
    const failed = status.getByText('One or more resources failed');
    await arrive(created.or(failed), 'how the import went');
    if ((await visible(failed).count()) === 0) return;
    const rows = this.#page.locator('.co-import-yaml-results-page').getByText(/^Error: /);
    const errors = await Promise.all((await rows.all()).map(textOf));
    throw new ConsoleRefusal(`the console did not create everything: ${errors.join('; ')}`);
  }
}
