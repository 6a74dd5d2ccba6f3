/** The summary as Markdown, for the job page of a CI server or a chat message. */
import { formatDuration } from '../model/duration.ts';
import { plain, shownPath } from './plain.ts';
import type { Run } from './run.ts';
import { cellOf, cellText, clusterLine, oneLine, versionOf } from './table.ts';
import type { FirstFailure, Verdict } from './verdict.ts';

export interface SummaryLinks {
  /** A link to the run. */
  readonly run?: string;
  /** Folder of the reports, as shown to people. */
  readonly reports?: string;
}

/** Verdict, scope, a table of sections, the first failure with its YAML, and where to find more. */
export function summaryMarkdown(run: Run, verdict: Verdict, links: SummaryLinks = {}): string {
  const heads = ['Section', ...run.browsers.map((browser) => oneLine(browser.label + versionOf(browser)))];
  const rows = run.sections.map((section) => [
    oneLine(`${section.number} ${section.title}`),
    ...run.browsers.map((browser) => cellText(cellOf(section, browser))),
  ]);
  const row = (cells: readonly string[]) => `| ${cells.map(markdown).join(' | ')} |`;
  const table = rows.length === 0 ? [] : [row(heads), `|${heads.map(() => ' --- ').join('|')}|`, ...rows.map(row), ''];
  const partial =
    verdict.scope !== undefined && verdict.kind !== 'partial' ? [`Partial run: ${markdown(verdict.scope)}.`, ''] : [];
  return [
    `## ${markdown(run.lab.title)}: ${markdown(verdict.headline)}`,
    '',
    markdown(verdict.reason),
    '',
    ...partial,
    ...(run.cluster === undefined ? [] : [markdown(clusterLine(run)), '']),
    ...(run.notFit === undefined ? [] : [...fenced(run.notFit), '']),
    ...table,
    ...failureLines(verdict.first),
    `Time: ${formatDuration(run.durationMs)}`,
    '',
    ...linkLines(links),
  ].join('\n');
}

/** For a run that ended before the lab began. */
export function refusalMarkdown(
  title: string,
  refusal: { readonly message: string; readonly code: string; readonly next: string | undefined },
): string {
  const { message, code, next } = refusal;
  const todo = next === undefined ? [] : [`Next: ${markdown(next)}`, ''];
  return [
    `## ${markdown(title)}: Not certified`,
    '',
    `The lab was not played (${markdown(code)}).`,
    '',
    ...fenced(message),
    '',
    ...todo,
  ].join('\n');
}

function failureLines(first: FirstFailure | undefined): string[] {
  if (first === undefined) return [];
  const { step, failure, section, exercise } = first;
  const at = failure?.at ?? step?.step.at;
  const title = step === undefined ? '' : ` › ${step.step.title}`;
  const place = at === undefined ? '' : ` (${shownPath(at.file)}:${at.line})`;
  return [
    `**First failure** (${markdown(first.browser)}): section ${section.number} › ${markdown(exercise.title + title + place)}`,
    '',
    `${markdown(first.message)}${failure === undefined ? '' : ` (${markdown(failure.code)})`}`,
    '',
    ...(step === undefined ? [] : [...fenced(step.step.yaml, 'yaml'), '']),
    ...compared(failure?.expected, failure?.actual),
    `Next: ${markdown(first.next)}`,
    '',
  ];
}

function compared(expected: string | undefined, seen: string | undefined): string[] {
  if (expected === undefined && seen === undefined) return [];
  return [...fenced(`Expected: ${expected ?? ''}\nSeen:     ${seen ?? ''}`), ''];
}

/** Only the address of a web page becomes a link. */
function linkLines({ run, reports }: SummaryLinks): string[] {
  const where =
    reports === undefined
      ? []
      : [`Reports: ${markdown(reports)}/certificate.html, index.html (history), html/index.html`, ''];
  if (run === undefined || !URL.canParse(run) || !/^https?:$/.test(new URL(run).protocol)) return where;
  return [`[This run](<${plain(new URL(run).href)}>)`, '', ...where];
}

const MOST_LINES = 20;

/** A code block that its content can't end. */
function fenced(text: string, language = ''): string[] {
  const lines = plain(text).trimEnd().split('\n');
  const shown =
    lines.length <= MOST_LINES ? lines : [...lines.slice(0, MOST_LINES), `… ${lines.length - MOST_LINES} more lines`];
  const longest = Math.max(2, ...(shown.join('\n').match(/`+/g) ?? []).map((ticks) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return [`${fence}${language}`, ...shown, fence];
}

/** Escapes text so that nothing from a run becomes markup, a link or a mention. */
export function markdown(text: string): string {
  return oneLine(text)
    .replaceAll('&', '&amp;')
    .replace(/[\\`*_[\]<>|#~]/g, '\\$&')
    .replace(/^([-+]|\d+[.)])(?=\s)/, '\u200b$1')
    .replace(/(https?|ftp)(?=:)|www(?=\.)/gi, '$&\u200b')
    .replaceAll('@', '@\u200b');
}
