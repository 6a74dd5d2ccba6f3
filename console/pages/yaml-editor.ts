/** The console's YAML editor, which completes and indents what is typed. */
import type { Page } from '@playwright/test';
import { dump } from 'js-yaml';
import type { ConsoleObject } from '../../model/console.ts';
import { click, sent } from '../refusal.ts';

export class YamlEditor {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Replaces the editor's text with the objects, one document each, and clicks Create. @param what the result is called. */
  async create(objects: readonly ConsoleObject[], what: string): Promise<void> {
    const { keyboard } = this.#page;
    await click(this.#page.locator('.monaco-editor .view-line').first(), 'the text of the YAML editor');
    await this.#beginAbove();
    await this.#type(objects.map((object) => dump(object, { lineWidth: -1, noRefs: true })).join('---\n'));
    await keyboard.press('ControlOrMeta+Shift+End');
    await keyboard.press('Delete');
    const create = this.#page.locator('[data-test="save-changes"]');
    await click(create, 'Create');
    await sent(create, what);
  }

  /**
   * Moves to a new line above the old text, which is deleted last: the page reads what is typed, and the YAML view breaks (4.12) while the
   * whole text is a word, such as the first letters of `apiVersion`.
   */
  async #beginAbove(): Promise<void> {
    const { keyboard } = this.#page;
    await keyboard.press('ControlOrMeta+Home');
    await keyboard.press('Enter');
    await keyboard.press('ArrowUp');
  }

  /**
   * Types line by line, because the editor indents each new line itself and pasted text would be indented twice. Types key by key, because
   * in Firefox inserted text can arrive before earlier keys.
   */
  async #type(text: string): Promise<void> {
    const { keyboard } = this.#page;
    for (const [index, line] of text.trimEnd().split('\n').entries()) {
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
