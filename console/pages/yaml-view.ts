/** The YAML view of a new instance: an editor that completes and indents what is typed. */
import type { Page } from '@playwright/test';
import { dump } from 'js-yaml';
import type { CreateInstance } from '../../model/console.ts';
import { arrive, click, sent } from '../refusal.ts';

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
    await click(line, 'the text of the YAML view');
    await this.#page.keyboard.press('ControlOrMeta+A');
    await this.#page.keyboard.press('Delete');
    await this.#type(dump(object, { lineWidth: -1, noRefs: true }).trimEnd().split('\n'));
    const create = this.#page.locator('[data-test="save-changes"]');
    await click(create, 'Create');
    await sent(create, name);
  }

  /**
   * Types line by line, because the editor indents each new line itself and pasted text would be indented twice. Types key by key, because
   * in Firefox inserted text can arrive before earlier keys.
   */
  async #type(lines: readonly string[]): Promise<void> {
    const { keyboard } = this.#page;
    for (const [index, line] of lines.entries()) {
      if (index > 0) {
        // Otherwise Enter would accept the editor's suggestion.
        await keyboard.press('Escape');
        await keyboard.press('Enter');
        await keyboard.press('Home');
        await keyboard.press('Shift+End');
      }
      await keyboard.type(line);
    }
  }
}
