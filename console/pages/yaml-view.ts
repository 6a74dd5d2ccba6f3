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
   * Line by line, since the editor indents each new line itself, which a text pasted as a whole would have twice. Key by key, since in
   * Firefox a text that is inserted overtakes the keys before it.
   */
  async #type(lines: readonly string[]): Promise<void> {
    const { keyboard } = this.#page;
    for (const [index, line] of lines.entries()) {
      if (index > 0) {
        // Otherwise Enter takes what the editor suggests.
        await keyboard.press('Escape');
        await keyboard.press('Enter');
        await keyboard.press('Home');
        await keyboard.press('Shift+End');
      }
      await keyboard.type(line);
    }
  }
}
