/** OperatorHub: the catalog of operators. */
import type { Page } from '@playwright/test';
import type { InstallOperator } from '../../model/console.ts';
import { arrive, click, open } from '../refusal.ts';

export class OperatorHub {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Searches for the operator and clicks Install on its panel: the install form opens. */
  async choose({ title, package: name, source, sourceNamespace }: InstallOperator): Promise<void> {
    // The test id of the search field is on a div in 4.12.
    const search = this.#page.getByPlaceholder('Filter by keyword...');
    await arrive(search, 'OperatorHub');
    await search.fill(title);
    const install = this.#page.locator('[data-test-id="operator-install-btn"]');
    // Community operators show a warning first.
    const goOn = this.#page.locator('[data-test="confirm-action"]');
    const tile = this.#page.locator(`[data-test="${name}-${source}-${sourceNamespace}"]`);
    await open(tile, `the tile of ${title}`, install.or(goOn));
    if (await goOn.isVisible()) await goOn.click();
    await click(install, `Install for ${title}`);
  }
}
