/** The Allure report, made from the results that `allure-playwright` left; no Java needed. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { ROOT } from '../lab.ts';

/** Writes `<reports>/allure/`. A failure here is told, but is no verdict on the lab. */
export async function generateAllure(reports: string): Promise<void> {
  const results = join(reports, 'allure-results');
  if (!existsSync(results)) return;
  const allure = join(ROOT, 'node_modules', 'allure', 'cli.js');
  const args = [allure, 'generate', results, '--output', join(reports, 'allure')];
  const result = await execa(process.execPath, args, { reject: false, timeout: 60_000, all: true, cwd: reports });
  if (result.failed)
    console.error(`The Allure report could not be made: ${result.all.trim().split('\n').at(-1) ?? '?'}  (LW-ALLURE)`);
}
