/** `browse`: opens a page, does what a person does there, and checks title, text and status until they match. */

import { setTimeout as sleep } from 'node:timers/promises';
import { durationOf, type Reading } from '../language/reading.ts';
import type { RawBrowse } from '../language/schema.generated.ts';
import { baseOf } from '../language/step-base.ts';
import type { Path } from '../language/yaml-document.ts';
import { formatSeconds } from '../model/duration.ts';
import type { Position, Step } from '../model/lab.ts';
import type { BrowserContext } from './context.ts';
import { StepFailure } from './failure.ts';
import { judgePage, observePage, type PageExpectation, readPage, type Seen, TEXT_KEPT } from './page-expectation.ts';
import { defineVerb } from './verb.ts';

export interface BrowseStep extends Step {
  readonly verb: 'browse';
  /** May contain shell variables, which the lab's terminal expands. */
  readonly url: string;
  readonly actions: readonly PageAction[];
  readonly expect: readonly PageExpectation[];
  readonly within: number;
}

export type PageAction =
  | { readonly do: 'fill'; readonly selector: string; readonly value: string; readonly at: Position }
  | { readonly do: 'click'; readonly selector: string; readonly at: Position }
  | { readonly do: 'reload'; readonly at: Position };

const ACTION_TIMEOUT_MS = 10_000;
const FIRST_LOOK_MS = 250;
const LONGEST_LOOK_MS = 2_000;
/** A page gets this long to open even if the deadline is earlier. */
const SHORTEST_OPEN_MS = 1_000;

const DEFAULT_WITHIN_MS = 30_000;

export const browse = defineVerb<BrowseStep>({
  name: 'browse',
  nature: 'observes',
  read: readBrowse,
  variables: { url: 'shell' },
  inBrowser: openAndLook,
});

function readBrowse(raw: RawBrowse, path: Path, reading: Reading): BrowseStep {
  return {
    verb: 'browse',
    ...baseOf('browse', raw, `open ${raw.browse}`, path, reading),
    url: reading.shellText(raw.browse, [...path, 'browse']),
    actions: (raw.do ?? []).map((action, index) => readAction(action, [...path, 'do', index], reading)),
    expect: readPage(raw.expect, [...path, 'expect'], reading),
    within: durationOf(raw.within, [...path, 'within'], reading, DEFAULT_WITHIN_MS),
  };
}

function readAction(raw: NonNullable<RawBrowse['do']>[number], path: Path, reading: Reading): PageAction {
  const at = reading.document.at(path);
  if (raw === 'reload') return { do: 'reload', at };
  if ('click' in raw) return { do: 'click', selector: raw.click, at };
  const [selector = '', value = ''] = Object.entries(raw.fill)[0] ?? [];
  return { do: 'fill', selector, value: reading.variable(value, [...path, 'fill', selector]), at };
}

/**
 * @throws {StepFailure} `LW-BROWSE-ADDRESS`, `LW-BROWSE-UNREACHABLE`, `LW-BROWSE-ACTION`, `LW-EXPECT-PAGE`; a screenshot is kept in
 * every case.
 */
async function openAndLook(step: BrowseStep, context: BrowserContext): Promise<void> {
  const url = await addressOf(step, context);
  const deadline = performance.now() + step.within;
  const expectations = step.expect.filter(
    (expectation) => expectation.browser === undefined || expectation.browser === context.browser,
  );
  let answer = await openPage(step, url, deadline, context);
  for (const action of step.actions) answer = (await act(action, context, answer.status)) ?? answer;
  for (let look = FIRST_LOOK_MS; ; look = Math.min(look * 2, LONGEST_LOOK_MS)) {
    const seen = { ...answer, ...(await lookAt(context)) };
    const failure = judgePage(expectations, seen, url, context);
    const left = deadline - performance.now();
    if (failure === undefined || left <= 0) {
      await keep(context, seen);
      if (failure !== undefined) throw failure;
      for (const expectation of expectations) observePage(expectation, seen, context);
      return;
    }
    // The page may still load its content; if it does not, a person would reload it.
    const changed = await context.page.nextChange(Math.min(look, left));
    if (!changed) answer = await reload(context, answer);
  }
}

/** Also for `sample`. @throws {StepFailure} `LW-BROWSE-ADDRESS` if a variable in it has no value. */
export async function addressOf(step: { url: string; at: Position }, context: BrowserContext): Promise<string> {
  const url = await context.expand(step.url);
  if (URL.canParse(url)) return url;
  throw new StepFailure({
    code: 'LW-BROWSE-ADDRESS',
    message: `${step.url} is not an address in the lab's shell: a variable in it has no value`,
    expected: 'an address such as http://host/',
    actual: url,
    at: step.at,
    next: 'look at the step that sets the variable',
  });
}

async function openPage(
  step: BrowseStep,
  url: string,
  deadline: number,
  context: BrowserContext,
): Promise<{ status: number; requestId?: string }> {
  for (let pause = FIRST_LOOK_MS; ; pause = Math.min(pause * 2, LONGEST_LOOK_MS)) {
    try {
      const answer = await context.page.open(url, Math.max(SHORTEST_OPEN_MS, Math.round(deadline - performance.now())));
      // A router answers 503 before it knows a new route's endpoints.
      if (answer.status !== 503 || performance.now() >= deadline) return answer;
      await sleep(Math.min(pause, deadline - performance.now()));
    } catch (error) {
      const left = deadline - performance.now();
      if (left > 0) {
        await sleep(Math.min(pause, left));
        continue;
      }
      throw new StepFailure(
        {
          code: 'LW-BROWSE-UNREACHABLE',
          message: `${url} could not be opened within ${formatSeconds(step.within)}`,
          actual: error instanceof Error ? error.message : String(error),
          at: step.at,
        },
        { cause: error },
      );
    }
  }
}

async function lookAt({ page }: BrowserContext): Promise<{ title: string; text: string }> {
  try {
    return { title: await page.title(), text: await page.text() };
  } catch {
    // The page navigated away while it was checked; if it is gone permanently, the screenshot fails.
    return { title: '', text: '' };
  }
}

async function reload(
  context: BrowserContext,
  before: { status: number; requestId?: string },
): Promise<{ status: number; requestId?: string }> {
  try {
    return await context.page.reload();
  } catch {
    // The connection was lost during a change: keep what was seen; the deadline decides.
    return before;
  }
}

async function act(
  action: PageAction,
  context: BrowserContext,
  status: number,
): Promise<{ status: number; requestId?: string } | undefined> {
  try {
    if (action.do === 'reload') return await context.page.reload();
    if (action.do === 'fill') await context.page.fill(action.selector, action.value, ACTION_TIMEOUT_MS);
    else await context.page.click(action.selector, ACTION_TIMEOUT_MS);
    return undefined;
  } catch (error) {
    await keep(context, { status, ...(await lookAt(context)) });
    const what = action.do === 'reload' ? 'reload' : `${action.do} ${action.selector}`;
    throw new StepFailure(
      {
        code: 'LW-BROWSE-ACTION',
        message: `${what} did not work on ${context.page.url()}${status >= 400 ? `, which answered HTTP ${status}` : ''}`,
        actual: error instanceof Error ? error.message : String(error),
        at: action.at,
      },
      { cause: error },
    );
  }
}

async function keep(context: BrowserContext, seen: Seen): Promise<void> {
  const { page } = context;
  const screenshot = await context.keepScreenshot(await page.screenshot());
  const requestId = seen.requestId === undefined ? {} : { requestId: seen.requestId };
  context.asked({
    url: page.url(),
    ...(seen.requestId === undefined ? { userAgent: await page.userAgent() } : { id: seen.requestId }),
  });
  context.observe({
    kind: 'page',
    url: page.url(),
    title: seen.title,
    status: seen.status,
    text: seen.text.slice(0, TEXT_KEPT),
    ...requestId,
    screenshot,
  });
}
