/** The table of combinations in `docs/sandbox.md`, between two marks. */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { Combination } from './combination.ts';

const PAGE = join(import.meta.dirname, '../../docs/sandbox.md');
const BEGIN = '<!-- combinations: written by npm run test:real -->';
const END = '<!-- /combinations -->';
const TITLES: Readonly<Record<Combination['name'], string>> = {
  ours: 'ours, ours',
  'real-mesh': 'ours, istiod',
  'real-api': 'kube-apiserver, ours',
  real: 'kube-apiserver, istiod',
};

/** @param versions of the real programs. @throws if the page has no marks. */
export function writeTable(combinations: readonly Combination[], versions: string): void {
  const page = readFileSync(PAGE, 'utf8');
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`${PAGE} has no place for the table: ${BEGIN} … ${END}`);
  const text = `${BEGIN}\n${render(combinations, versions)}\n`;
  writeFileSync(PAGE, page.slice(0, begin) + text + page.slice(end));
}

export function render(combinations: readonly Combination[], versions: string): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const sections = [...new Set(combinations.flatMap((one) => one.sections.map(({ section }) => section)))].sort();
  const each = (cell: (one: Combination) => string): string[] => combinations.map(cell);
  return [
    row(['API server, mesh control plane', ...each(({ name }) => TITLES[name])]),
    row(['---', ...each(() => '---')]),
    ...sections.map((section) => row([`section ${section}`, ...each((one) => cellOf(one, section))])),
    row([
      'whole run, both browsers',
      ...each(({ seconds, certified }) => `${certified ? '' : '**not certified** '}${seconds.toFixed(0)} s`),
    ]),
    row(['memory of one sandbox with the lab', ...each(({ memoryMiB }) => `${memoryMiB.toFixed(0)} MiB`)]),
    '',
    `Seconds in Firefox / in Chromium, side by side on ${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'}); ${versions}.`,
  ].join('\n');
}

function cellOf({ sections }: Combination, wanted: string): string {
  const times = ['firefox', 'chromium'].map((browser) => {
    const found = sections.find((one) => one.section === wanted && one.browser === browser);
    if (found === undefined) return '–';
    return `${found.passed ? '' : '✗ '}${found.seconds.toFixed(1)}`;
  });
  return times.join(' / ');
}
