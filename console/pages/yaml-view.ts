/** The YAML view of a new instance, which begins with a sample. */
import type { Page } from '@playwright/test';
import type { CreateInstance } from '../../model/console.ts';
import { arrive } from '../refusal.ts';
import { YamlEditor } from './yaml-editor.ts';

export class YamlView {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Replaces the sample that the console shows with the object. */
  async create({ name, object }: CreateInstance): Promise<void> {
    const toggle = this.#page.locator('[data-test="yaml-view-input"]');
    const line = this.#page.locator('.monaco-editor .view-line').first();
    await arrive(toggle.or(line), 'the YAML view of a new instance');
    if (await toggle.isVisible()) await toggle.check();
    await new YamlEditor(this.#page).create([object], name);
  }
}
