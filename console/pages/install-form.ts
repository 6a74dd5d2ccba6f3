/** The form that subscribes to an operator. */
import type { Locator, Page } from '@playwright/test';
import type { ConsoleControl, InstallOperator } from '../../model/console.ts';
import { arrive, ConsoleRefusal, click, sent, textOf, visible } from '../refusal.ts';

export class InstallForm {
  readonly #page: Page;
  readonly #found: (control: ConsoleControl) => void;
  readonly #install: Locator;

  /** @param found called with the form in which a control was found. */
  constructor(page: Page, found: (control: ConsoleControl) => void) {
    this.#page = page;
    this.#found = found;
    this.#install = page.locator('[data-test="install-operator"]');
  }

  async fill({ channel, namespace }: InstallOperator): Promise<void> {
    await arrive(this.#install, 'the form to install an operator');
    await this.#chooseChannel(channel);
    await this.#chooseNamespace(namespace);
  }

  /** Clicks Install, and waits for the page that shows the progress of the installation. */
  async install(): Promise<void> {
    await click(this.#install, 'Install');
    await sent(this.#install, 'the operator');
    await arrive(this.#page.locator('[data-test="view-installed-operators-btn"]'), 'how the installation continues');
  }

  /** Radio buttons up to 4.13, a drop-down from 4.14 on. */
  async #chooseChannel(channel: string): Promise<void> {
    const radio = this.#page.locator(`[data-test="${channel}-radio-input"]`);
    const anyRadio = this.#page.locator('[data-test$="-radio-input"]').first();
    const list = this.#page.locator('.co-operator-channel__select button, button.co-operator-channel__select').first();
    await arrive(list.or(anyRadio), 'the update channels');
    if (!(await list.isVisible())) {
      this.#found({ name: 'update channel', form: 'radio buttons' });
      if ((await radio.count()) === 0) throw new ConsoleRefusal(`the console offers no channel ${channel}`);
      await radio.check();
      return;
    }
    this.#found({ name: 'update channel', form: 'drop-down' });
    // Selecting the current channel again would clear the version (4.16).
    if ((await textOf(list)) === channel) return;
    await click(list, 'the update channel');
    await click(this.#page.getByRole('option', { name: channel, exact: true }), `channel ${channel}`);
  }

  /** The form proposes a namespace. Another one is in a list: of two up to 4.13, of all later. */
  async #chooseNamespace(namespace: string): Promise<void> {
    const recommended = this.#page.locator('[data-test="Operator recommended Namespace:-radio-input"]').first();
    const list = this.#page.locator('[data-test="dropdown-selectbox"]').first();
    await arrive(list.or(recommended), 'the namespace to install in');
    if (await recommended.isVisible()) {
      if ((await recommended.getAttribute('value')) === namespace) return recommended.check();
      await this.#page.locator('[data-test="Select a Namespace-radio-input"]').check();
    }
    // A name can be the beginning of another one, and the proposed one has a remark after it.
    const name = new RegExp(`^${namespace}( \\(|$)`);
    if ((await visible(list.getByText(name)).count()) > 0) return;
    await click(list, 'the namespace to install in');
    const proposed = this.#page.locator(`[data-test-dropdown-menu="${namespace}"]`);
    const listed = this.#page.locator('[data-test="dropdown-menu-item-link"]').getByText(name);
    await click(proposed.or(listed), `namespace ${namespace}`);
  }
}
