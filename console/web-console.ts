/** OpenShift's web console in a browser: opens it, signs in, and performs a guide's tasks. */
import type { Page } from '@playwright/test';
import type { ConsoleControl, ConsoleTask, ConsoleUser, CreateInstance, InstallOperator } from '../model/console.ts';
import { CreateForm } from './pages/create-form.ts';
import { ImportYamlPage } from './pages/import-yaml.ts';
import { InstallForm } from './pages/install-form.ts';
import { InstalledOperators } from './pages/installed-operators.ts';
import { MENU, Navigation } from './pages/navigation.ts';
import { OperatorHub } from './pages/operator-hub.ts';
import { signIn } from './pages/sign-in.ts';
import { YamlView } from './pages/yaml-view.ts';
import { timeoutMs } from './refusal.ts';

export { ConsoleRefusal } from './refusal.ts';

export class WebConsole {
  readonly #page: Page;
  readonly #navigation: Navigation;
  readonly #controls = new Map<string, ConsoleControl>();

  private constructor(page: Page) {
    this.#page = page;
    this.#navigation = new Navigation(page);
  }

  /**
   * Leaves a page that already shows the console as it is, as for a reader between two steps.
   * @param address without a slash at its end. @param user for a console that asks for one.
   * @throws {ConsoleRefusal} if the user can't sign in; Playwright's error if nothing answers at the address.
   */
  static async open(page: Page, address: string, user?: ConsoleUser): Promise<WebConsole> {
    const isOpen = page.url().startsWith(`${address}/`) && (await page.locator(MENU).isVisible());
    if (!isOpen) {
      await page.goto(`${address}/`, { waitUntil: 'domcontentloaded', timeout: timeoutMs() });
      await signIn(page, MENU, user);
    }
    return new WebConsole(page);
  }

  /** Controls that differ between consoles, in the form in which they were found. */
  get controls(): readonly ConsoleControl[] {
    return [...this.#controls.values()];
  }

  /** @throws {ConsoleRefusal} with the console's error, or the element that does not appear. */
  do(task: ConsoleTask): Promise<void> {
    switch (task.do) {
      case 'install operator':
        return this.#install(task);
      case 'create instance':
        return this.#create(task);
      case 'import yaml':
        return new ImportYamlPage(this.#page, this.#found).create(task);
    }
  }

  readonly #found = (control: ConsoleControl): void => {
    this.#controls.set(control.name, control);
  };

  async #install(task: InstallOperator): Promise<void> {
    await this.#navigation.openOperators('OperatorHub');
    await new OperatorHub(this.#page).choose(task);
    const form = new InstallForm(this.#page, this.#found);
    await form.fill(task);
    await form.install();
  }

  async #create(task: CreateInstance): Promise<void> {
    await this.#navigation.openOperators('Installed Operators');
    await this.#navigation.chooseProject(task.project);
    await new InstalledOperators(this.#page).openCreate(task);
    await (task.by === 'form' ? new CreateForm(this.#page).create(task.name) : new YamlView(this.#page).create(task));
  }
}
