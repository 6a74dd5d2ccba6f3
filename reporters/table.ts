/** The closing table, section × browser: as text for a terminal and as Markdown for a job summary or a chat message. */
import { formatDuration } from './duration.ts';
import { plain } from './plain.ts';
import { type Browser, type Run, type SectionRun, type Status, sectionStatus } from './run.ts';
import type { Verdict } from './verdict.ts';

const MARKS: Readonly<Record<Status, string>> = {
  passed: '✓',
  failed: '✗',
  blocked: '■',
  interrupted: '!',
  'not run': '·',
};

export interface Cell {
  readonly status: Status | undefined;
  /** `✓ passed`, `✗ failed 1 of 3`. */
  readonly text: string;
  readonly durationMs: number;
}

/** How one section stands in one browser. */
export function cellOf(section: SectionRun, browser: Browser): Cell {
  const runs = section.exercises.filter((run) => run.project === browser.project);
  const status = sectionStatus(section, browser.project);
  const durationMs = runs.reduce((sum, run) => sum + run.durationMs, 0);
  if (status === undefined) return { status, text: '–', durationMs };
  const such = runs.filter((run) => run.status === status).length;
  const share = status === 'passed' || runs.length === 1 ? '' : ` ${such} of ${runs.length}`;
  return { status, text: `${MARKS[status]} ${status}${share}`, durationMs };
}

/** The table as aligned plain text, without colour. */
export function summaryTable(run: Run): string {
  if (run.sections.length === 0) return 'No section was played.';
  const heads = ['Section', ...run.browsers.map((browser) => oneLine(browser.label + versionOf(browser)))];
  const rows = run.sections.map((section) => [
    oneLine(`${section.number} ${section.title}`),
    ...run.browsers.map((browser) => cellText(cellOf(section, browser))),
  ]);
  const widths = heads.map((_, column) => Math.max(...[heads, ...rows].map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('   ')
      .trimEnd();
  return [line(heads), widths.map((width) => '─'.repeat(width)).join('───'), ...rows.map(line)].join('\n');
}

/** The same as Markdown, with verdict, scope and the first failure. */
export function summaryMarkdown(run: Run, verdict: Verdict): string {
  const heads = ['Section', ...run.browsers.map((browser) => oneLine(browser.label + versionOf(browser)))];
  const rows = run.sections.map((section) => [
    oneLine(`${section.number} ${section.title}`),
    ...run.browsers.map((browser) => cellText(cellOf(section, browser))),
  ]);
  const row = (cells: readonly string[]) => `| ${cells.map(markdown).join(' | ')} |`;
  const cluster = run.cluster === undefined ? [] : [clusterLine(run)];
  return [
    `## ${markdown(run.lab.title)}: ${markdown(verdict.headline)}`,
    '',
    markdown(verdict.reason),
    ...cluster.flatMap((line) => ['', markdown(line)]),
    '',
    row(heads),
    `|${heads.map(() => ' --- ').join('|')}|`,
    ...rows.map(row),
    '',
    `Time: ${formatDuration(run.durationMs)}`,
    ...failureLines(verdict),
    '',
  ].join('\n');
}

/** `Sandbox (embedded cluster), OpenShift 4.6, release 2.0.7.1`. */
export function clusterLine(run: Run): string {
  const { cluster } = run;
  if (cluster === undefined) return 'No cluster was reached.';
  const kind = cluster.kind === 'sandbox' ? 'Sandbox, imitating OpenShift' : 'OpenShift';
  return `${kind} ${cluster.openshiftVersion}, release ${cluster.release}, ${cluster.server}`;
}

function failureLines(verdict: Verdict): string[] {
  const { first } = verdict;
  if (first === undefined) return [];
  const step = first.step === undefined ? '' : ` › ${first.step.step.title}`;
  return [
    '',
    `**First failure** (${markdown(first.browser)}): section ${first.section.number} › ${markdown(first.exercise.title + step)}`,
    '',
    `${markdown(first.message)}`,
    '',
    `Next: ${markdown(first.next)}`,
  ];
}

function cellText(cell: Cell): string {
  return cell.durationMs > 0 ? `${cell.text}  ${formatDuration(cell.durationMs)}` : cell.text;
}

function versionOf(browser: Browser): string {
  return browser.version === undefined ? '' : ` ${browser.version}`;
}

function oneLine(text: string): string {
  return plain(text).replace(/\s*\n\s*/g, ' ');
}

/** Nothing that a run shows may become markup, a link or a mention. */
function markdown(text: string): string {
  return oneLine(text)
    .replace(/[\\`*_[\]<>|#~]/g, '\\$&')
    .replaceAll('@', '@\u200b');
}
