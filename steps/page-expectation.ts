/** `expect:` of a page: its title, text and status, in one browser or in both. */
import { matchText } from '../expect/text.ts';
import { readText, readTexts } from '../language/expectations.ts';
import type { Reading } from '../language/reading.ts';
import type { RawBrowserPage, RawPage } from '../language/schema.generated.ts';
import type { Path } from '../language/yaml-document.ts';
import type { BrowserName, Position, TextExpectation } from '../model/lab.ts';
import type { BrowserContext } from './context.ts';
import { expectationText } from './expectation-text.ts';
import { StepFailure } from './failure.ts';

/** Of a page's text, in evidence. */
export const TEXT_KEPT = 2_000;

export interface PageExpectation {
  /** Only in this browser; in both if absent. */
  readonly browser?: BrowserName;
  readonly title?: TextExpectation;
  /** For the page's visible text. */
  readonly text: readonly TextExpectation[];
  /** HTTP status of the page itself. */
  readonly status?: number;
  readonly at: Position;
}

/** What a check of the page saw. */
export interface Seen {
  readonly status: number;
  readonly requestId?: string;
  readonly title: string;
  readonly text: string;
}

export function readPage(raw: RawPage | undefined, path: Path, reading: Reading): PageExpectation[] {
  if (raw === undefined) return [];
  const { firefox, chromium, ...common } = raw;
  const expectations = Object.keys(common).length > 0 ? [readLook(common, path, reading)] : [];
  if (firefox !== undefined)
    expectations.push({ ...readLook(firefox, [...path, 'firefox'], reading), browser: 'firefox' });
  if (chromium !== undefined)
    expectations.push({ ...readLook(chromium, [...path, 'chromium'], reading), browser: 'chromium' });
  return expectations;
}

/** A title is compared as a whole: `Guestbook - v1` is not `Guestbook - v10`. */
function readLook(raw: RawBrowserPage, path: Path, reading: Reading): PageExpectation {
  return {
    ...(raw.title === undefined ? {} : { title: readText(raw.title, [...path, 'title'], reading, 'equals') }),
    text: readTexts(raw.text, [...path, 'text'], reading),
    ...(raw.status === undefined ? {} : { status: raw.status }),
    at: reading.document.at(path),
  };
}

/** @returns undefined if all match. */
export function judgePage(
  expectations: readonly PageExpectation[],
  seen: Seen,
  url: string,
  context: BrowserContext,
): StepFailure | undefined {
  const answered = seen.status >= 400 ? ` (HTTP ${seen.status})` : '';
  for (const expectation of expectations) {
    if (expectation.status !== undefined && expectation.status !== seen.status) {
      return pageFailure(
        `${url} in ${context.browser}: status ${seen.status}`,
        String(expectation.status),
        String(seen.status),
        expectation.at,
      );
    }
    if (expectation.title !== undefined) {
      const mismatch = matchText(expectation.title, seen.title);
      if (mismatch !== undefined)
        return pageFailure(
          `${url} in ${context.browser}: the title is "${seen.title}"${answered}`,
          mismatch.expected,
          seen.title,
          mismatch.at,
        );
    }
    for (const text of expectation.text) {
      const mismatch = matchText(text, seen.text);
      if (mismatch !== undefined)
        return pageFailure(
          `${url} in ${context.browser}: ${mismatch.message}${answered}`,
          mismatch.expected,
          mismatch.actual,
          mismatch.at,
        );
    }
  }
  return undefined;
}

function pageFailure(message: string, expected: string, actual: string, at: Position): StepFailure {
  return new StepFailure({
    code: 'LW-EXPECT-PAGE',
    message,
    expected,
    actual,
    at,
    next: 'look at the screenshot beside this step',
  });
}

export function observePage(expectation: PageExpectation, seen: Seen, context: BrowserContext): void {
  const { status, title, text, at } = expectation;
  if (status !== undefined)
    context.observe({
      kind: 'expectation',
      what: 'status',
      expected: String(status),
      actual: String(seen.status),
      held: true,
      at,
    });
  if (title !== undefined)
    context.observe({
      kind: 'expectation',
      what: 'title',
      expected: expectationText(title),
      actual: seen.title,
      held: true,
      at: title.at,
    });
  for (const wanted of text)
    context.observe({
      kind: 'expectation',
      what: 'text',
      expected: expectationText(wanted),
      actual: seen.text.slice(0, TEXT_KEPT),
      held: true,
      at: wanted.at,
    });
}
