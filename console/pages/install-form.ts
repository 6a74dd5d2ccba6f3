/** The form that subscribes to an operator. */
import type { Locator, Page } from '@playwright/test';
import type { ConsoleControl, InstallOperator } from '../../model/console.ts';
import { arrive, ConsoleRefusal, textOf } from '../refusal.ts';

export class InstallForm {
  readonly #page: Page;
  readonly #found: (control: ConsoleControl) => void;

  /** @param found called with the form in which a control was found. */
  constructor(page: Page, found: (control: ConsoleControl) => void) {
    this.#page = page;
    this.#found = found;
  }

  async fill({ channel, namespace }: InstallOperator): Promise<void> {
    await arrive(this.#page, this.#page.locator('[data-test="install-operator"]'), 'the form to install an operator');
    await this.#chooseChannel(channel);
    await this.#chooseNamespace(namespace);
  }

  /** Clicks Install, and follows the link to the operators that are installed. */
  async install(): Promise<void> {
    const button = this.#page.locator('[data-test="install-operator"]');
    await button.click();
    const link = this.#page.locator('[data-test="view-installed-operators-btn"]');
    await arrive(this.#page, link, 'the progress of the installation');
    await link.first().click();
  }

  /** Radio buttons up to 4.13, a drop-down from 4.14 on. */
  async #chooseChannel(channel: string): Promise<void> {
    const radios = this.#page.locator('[data-test$="-radio-input"]');
    const radio = this.#page.locator(`[data-test="${channel}-radio-input"]`);
    const list = this.#page.locator('.co-operator-channel__select button, button.co-operator-channel__select').first();
    await arrive(this.#page, list.or(radios.first()), 'the update channels');
    if (await list.isVisible()) {
      this.#found({ name: 'update channel', form: 'drop-down' });
      // Choosing the channel that is chosen already would clear the version (4.16).
      if ((await textOf(list)) === channel) return;
      await list.click();
      await this.#pick(this.#page.getByRole('option', { name: channel, exact: true }), `channel ${channel}`);
      return;
    }
    this.#found({ name: 'update channel', form: 'radio buttons' });
    if ((await radio.count()) === 0) throw new ConsoleRefusal(`the console offers no channel ${channel}`);
    await radio.check();
  }

  /** The form proposes one; another is chosen from the list. */
  async #chooseNamespace(namespace: string): Promise<void> {
    const recommended = this.#page.locator('[data-test="Operator recommended Namespace:-radio-input"]');
    const list = this.#page.locator('[data-test="dropdown-selectbox"]').first();
    await arrive(this.#page, list.or(recommended), 'the namespace to install in');
    if (await recommended.first().isVisible()) {
      if ((await recommended.first().getAttribute('value')) === namespace) return recommended.first().check();
      await this.#page.locator('[data-test="Select a Namespace-radio-input"]').check();
    }
    if ((await textOf(list)).includes(namespace)) return;
    await list.getByRole('button').or(list).first().click();
    const item = this.#page.locator('[data-test="dropdown-menu-item-link"], [role="option"], [role="menuitem"]');
    await this.#pick(item.filter({ hasText: namespace }), `namespace ${namespace}`);
  }

  async #pick(option: Locator, what: string): Promise<void> {
    await arrive(this.#page, option, what);
    await option.first().click();
  }
}
