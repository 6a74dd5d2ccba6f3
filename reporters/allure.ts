/**
 * Allure without Java. `allure-playwright` (in `playwright.config.ts`: `['allure-playwright', { resultsDir }]`) writes results
 * while the tests run; the npm package `allure` then generates the report from them, in about two seconds.
 */
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { execa } from 'execa';

export type AllureReport =
  | { readonly made: true; readonly index: string }
  | { readonly made: false; readonly reason: string };

/**
 * Generates the report in `outDir`. Never throws: a failure is returned as a reason and does not fail the run.
 * @param resultsDir absolute; where `allure-playwright` wrote.
 * @param outDir absolute; replaced.
 */
export async function generateAllureReport(resultsDir: string, outDir: string): Promise<AllureReport> {
  if (!existsSync(resultsDir) || readdirSync(resultsDir).length === 0) {
    return { made: false, reason: `There are no Allure results in ${resultsDir}.` };
  }
  const cli = allureCli();
  if (cli === undefined) return { made: false, reason: 'The npm package "allure" is not installed: npm install' };
  const name = '--name=Labwright';
  const { exitCode, all } = await execa(process.execPath, [cli, 'generate', resultsDir, '--output', outDir, name], {
    all: true,
    reject: false,
    timeout: 60_000,
    // The allure CLI draws on terminals.
    env: { NO_COLOR: '1' },
  });
  const index = join(outDir, 'index.html');
  if (exitCode === 0 && existsSync(index)) return { made: true, index };
  return {
    made: false,
    reason: `allure generate ended with exit code ${exitCode ?? 'none'}: ${all.trim().split('\n').at(-1) ?? ''}`,
  };
}

/** A development dependency, so it may be absent. It exports no path to its command. */
function allureCli(): string | undefined {
  const places = createRequire(import.meta.url).resolve.paths('allure') ?? [];
  return places.map((place) => join(place, 'allure', 'cli.js')).find((file) => existsSync(file));
}
