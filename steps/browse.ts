/** `browse`: opens a page, does what a person does there, and looks at title, text and status until they are as promised. */
import { setTimeout as sleep } from 'node:timers/promises';
import { matchText } from '../expect/text.ts';
import type { BrowseStep, PageAction, PageExpectation, Position } from '../model/lab.ts';
import type { BrowserContext } from './context.ts';
import { StepFailure } from './failure.ts';
import { expectationText } from './run.ts';

const ACTION_TIMEOUT_MS = 10_000;
const FIRST_LOOK_MS = 250;
const LONGEST_LOOK_MS = 2_000;
/** A page gets this long to open even when the deadline is nearer. */
const SHORTEST_OPEN_MS = 1_000;
const TEXT_KEPT = 2_000;

interface Seen {
  readonly status: number;
  readonly requestId?: string;
  readonly title: string;
  readonly text: string;
}

/** @throws {StepFailure} `LW-BROWSE-ADDRESS`, `LW-BROWSE-UNREACHABLE`, `LW-BROWSE-ACTION`, `LW-EXPECT-PAGE`; a screenshot is kept in every case. */
export async function browse(step: BrowseStep, context: BrowserContext): Promise<void> {
  const url = await addressOf(step, context);
  const deadline = performance.now() + step.within;
  const expectations = step.expect.filter(
    (expectation) => expectation.browser === undefined || expectation.browser === context.browser,
  );
  let answer = await openPage(step, url, deadline, context);
  for (const action of step.actions) answer = (await act(action, context, answer.status)) ?? answer;
  for (let look = FIRST_LOOK_MS; ; look = Math.min(look * 2, LONGEST_LOOK_MS)) {
    const seen = { ...answer, ...(await lookAt(context)) };
    const failure = judge(expectations, seen, url, context);
    const left = deadline - performance.now();
    if (failure === undefined || left <= 0) {
      await keep(context, seen);
      if (failure !== undefined) throw failure;
      for (const expectation of expectations) observeHeld(expectation, seen, context);
      return;
    }
    // The page may still fill itself; if it does not, a person would press reload.
    const changed = await context.page.nextChange(Math.min(look, left));
    if (!changed) answer = await reload(context, answer);
  }
}

/** Also for `sample`. @throws {StepFailure} `LW-BROWSE-ADDRESS` when a variable in it has no value. */
export async function addressOf(step: { url: string; at: Position }, context: BrowserContext): Promise<string> {
  const url = await context.expand(step.url);
  if (URL.canParse(url)) return url;
  throw new StepFailure({
    code: 'LW-BROWSE-ADDRESS',
    message: `${step.url} is no address in the lab's shell: a variable in it has no value`,
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
      // 503 is what a router answers before it has heard of a new route's endpoints.
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
          message: `${url} could not be opened within ${step.within / 1_000} s`,
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
    // The page went away while it was looked at, to the next one; a page that is gone for good fails the screenshot.
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
    // A connection lost in mid-change: keep what was seen, the deadline decides.
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

function judge(
  expectations: readonly PageExpectation[],
  seen: Seen,
  url: string,
  context: BrowserContext,
): StepFailure | undefined {
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
          `${url} in ${context.browser}: the title is "${seen.title}"`,
          mismatch.expected,
          seen.title,
          mismatch.at,
        );
    }
    for (const text of expectation.text) {
      const mismatch = matchText(text, seen.text);
      if (mismatch !== undefined)
        return pageFailure(
          `${url} in ${context.browser}: ${mismatch.message}`,
          mismatch.expected,
          mismatch.actual,
          mismatch.at,
        );
    }
  }
  return undefined;
}

function pageFailure(message: string, expected: string, actual: string, at: StepFailure['failure']['at']): StepFailure {
  return new StepFailure({
    code: 'LW-EXPECT-PAGE',
    message,
    expected,
    actual,
    at,
    next: 'look at the screenshot beside this step',
  });
}

async function keep(context: BrowserContext, seen: Seen): Promise<void> {
  const screenshot = await context.keepScreenshot(await context.page.screenshot());
  const requestId = seen.requestId === undefined ? {} : { requestId: seen.requestId };
  context.observe({
    kind: 'page',
    url: context.page.url(),
    title: seen.title,
    status: seen.status,
    text: seen.text.slice(0, TEXT_KEPT),
    ...requestId,
    screenshot,
  });
}

function observeHeld(expectation: PageExpectation, seen: Seen, context: BrowserContext): void {
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
