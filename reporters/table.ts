/** The closing table, section × browser: as text for a terminal and as Markdown for a job summary or a chat message. */
import { formatDuration } from '../model/duration.ts';
import { plain } from './plain.ts';
import { type Browser, type Run, type SectionRun, type Status, sectionStatus } from './run.ts';

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

/** The state of one section in one browser. */
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

/** `Sandbox (embedded cluster), OpenShift 4.6, release 2.0.7.1`. */
export function clusterLine(run: Run): string {
  const { cluster } = run;
  if (cluster === undefined) return 'No cluster was reached.';
  const kind = cluster.kind === 'sandbox' ? 'Sandbox, imitating OpenShift' : 'OpenShift';
  return `${kind} ${cluster.openshiftVersion}, release ${cluster.release}, ${cluster.server}`;
}

export function cellText(cell: Cell): string {
  return cell.durationMs > 0 ? `${cell.text}  ${formatDuration(cell.durationMs)}` : cell.text;
}

export function versionOf(browser: Browser): string {
  return browser.version === undefined ? '' : ` ${browser.version}`;
}

export function oneLine(text: string): string {
  return plain(text).replace(/\s*\n\s*/g, ' ');
}
