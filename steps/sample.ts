/**
 * `sample`: requests from inside the browser, counted by what came back until a sequential test has its verdict. Most are
 * fetches over the browser's kept connections; a few are real reloads.
 */
import { SequentialTest } from '../expect/sequential-test.ts';
import { judgeSplit } from '../expect/split.ts';
import { stoppingRule } from '../expect/stopping-rule.ts';
import type { SampleStep } from '../model/lab.ts';
import { addressOf } from './browse.ts';
import type { BrowserContext, FetchedResponse } from './context.ts';
import { StepFailure } from './failure.ts';

/** What browsers allow to one host over HTTP/1.1. */
const CONCURRENCY = 6;
const RELOADS = 10;
/** A batch costs a round trip to the browser; answers beyond the verdict are thrown away. */
const SMALLEST_BATCH = 60;

/** @throws {StepFailure} `LW-SAMPLE-SPLIT`, `LW-SAMPLE-UNREACHABLE`. */
export async function sample(step: SampleStep, context: BrowserContext): Promise<void> {
  const url = await addressOf(step, context);
  const test = new SequentialTest(stoppingRule(step));
  await collect(step, url, test, context);
  const judged = judgeSplit(step, test);
  context.observe({
    kind: 'sample',
    url,
    requests: test.requests,
    counts: judged.counts,
    deviation: step.deviation,
    error: step.error,
    test: judged.verdict,
  });
  if (judged.mismatch === undefined) return;
  const { message, expected, actual, at } = judged.mismatch;
  throw new StepFailure({ code: 'LW-SAMPLE-SPLIT', message, expected, actual, at });
}

/** Asks in batches; the answers are judged one by one in the order in which they were asked for. */
async function collect(step: SampleStep, url: string, test: SequentialTest, context: BrowserContext): Promise<void> {
  const { page } = context;
  const reloads = step.by.kind === 'title' ? RELOADS : 0;
  const header = step.by.kind === 'header' ? step.by.name : undefined;
  try {
    await page.open(url);
    for (let count = 0; count < reloads && test.stop === undefined; count += 1) {
      const { status } = await page.reload();
      test.add(seenIn(step, { status, title: (await page.title()).trim(), header: '' }));
    }
    while (test.stop === undefined) {
      const batch = Math.min(Math.max(test.fewestLeft, SMALLEST_BATCH), test.rule.cutOff - test.requests);
      for (const response of await page.fetchMany(url, batch, CONCURRENCY, header)) test.add(seenIn(step, response));
    }
  } catch (error) {
    throw new StepFailure(
      {
        code: 'LW-SAMPLE-UNREACHABLE',
        message: `${url} could not be sampled`,
        actual: error instanceof Error ? error.message : String(error),
        at: step.at,
      },
      { cause: error },
    );
  }
}

function seenIn(step: SampleStep, response: FetchedResponse): string {
  switch (step.by.kind) {
    case 'title':
      return response.title;
    case 'status':
      return String(response.status);
    case 'header':
      return response.header;
  }
}
