/**
 * `sample`: a fixed number of requests from inside the browser, counted by what came back and judged once by an exact
 * binomial test. Most are fetches over the browser's kept connections; a few are real reloads.
 */

import { judgeSplit, sampleSize } from '../expect/split.ts';
import type { SampleStep } from '../model/lab.ts';
import { addressOf } from './browse.ts';
import type { BrowserContext, FetchedResponse } from './context.ts';
import { StepFailure } from './failure.ts';

/** What browsers allow to one host over HTTP/1.1. */
const CONCURRENCY = 6;
const RELOADS = 10;

/** @throws {StepFailure} `LW-SAMPLE-SPLIT`, `LW-SAMPLE-UNREACHABLE`. */
export async function sample(step: SampleStep, context: BrowserContext): Promise<void> {
  const url = await addressOf(step, context);
  const requests = sampleSize(step);
  const responses = await collect(step, url, requests, context);
  const counts = new Map<string, number>(step.expect.map(({ value }) => [value, 0]));
  for (const response of responses) {
    const value = seenIn(step, response);
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const verdict = judgeSplit(step, counts);
  context.observe({
    kind: 'sample',
    url,
    requests: responses.length,
    counts: verdict.counts,
    deviation: step.deviation,
    error: step.error,
  });
  if (verdict.mismatch === undefined) return;
  const { message, expected, actual, at } = verdict.mismatch;
  throw new StepFailure({ code: 'LW-SAMPLE-SPLIT', message, expected, actual, at });
}

async function collect(
  step: SampleStep,
  url: string,
  requests: number,
  context: BrowserContext,
): Promise<readonly FetchedResponse[]> {
  const { page } = context;
  const reloads = step.by.kind === 'title' ? Math.min(RELOADS, requests) : 0;
  try {
    const responses: FetchedResponse[] = [];
    let { status } = await page.open(url);
    for (let count = 0; count < reloads; count += 1) {
      ({ status } = await page.reload());
      responses.push({ status, title: (await page.title()).trim(), header: '' });
    }
    const header = step.by.kind === 'header' ? step.by.name : undefined;
    return [...responses, ...(await page.fetchMany(url, requests - reloads, CONCURRENCY, header))];
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
