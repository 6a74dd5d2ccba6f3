/**
 * `sample`: requests from inside the browser, counted by their answer until a sequential test has a verdict. Most are fetches over
 * the browser's kept connections; a few are real reloads.
 */
import { SequentialTest } from '../expect/sequential-test.ts';
import { judgeSplit } from '../expect/split.ts';
import { type Split, stoppingRule } from '../expect/stopping-rule.ts';
import type { Reading } from '../language/reading.ts';
import type { RawSample } from '../language/schema.generated.ts';
import { baseOf } from '../language/step-base.ts';
import type { Path } from '../language/yaml-document.ts';
import type { Step } from '../model/lab.ts';
import { addressOf } from './browse.ts';
import type { BrowserContext, FetchedResponse } from './context.ts';
import { StepFailure } from './failure.ts';
import { chanceOf, checkSplit, shareOf } from './sample-split.ts';
import { defineVerb } from './verb.ts';

export interface SampleStep extends Step, Split {
  readonly verb: 'sample';
  readonly url: string;
  /** What the responses are counted by. */
  readonly by:
    | { readonly kind: 'title' }
    | { readonly kind: 'status' }
    | { readonly kind: 'header'; readonly name: string };
}

/** The number of connections that browsers allow to one host over HTTP/1.1. */
const CONCURRENCY = 6;
const RELOADS = 3;
/** A batch costs a round trip to the browser; answers after the verdict are discarded. */
const SMALLEST_BATCH = 60;

export const sample = defineVerb<SampleStep>({
  name: 'sample',
  nature: 'observes',
  read: readSample,
  variables: { url: 'shell' },
  // It is judged once, so a deadline would mean nothing.
  drifted: (step) => step,
  inBrowser: takeSample,
});

function readSample(raw: RawSample, path: Path, reading: Reading): SampleStep {
  const { document } = reading;
  const expect = document.keys([...path, 'expect']).map((value) => ({
    value: reading.variable(value, [...path, 'expect', value]),
    share: shareOf(raw.expect[value] ?? '0%'),
    at: document.keyAt([...path, 'expect', value]),
  }));
  const step: SampleStep = {
    verb: 'sample',
    ...baseOf('sample', raw, `sample ${raw.sample}`, path, reading),
    url: reading.shellText(raw.sample, [...path, 'sample']),
    by: typeof raw.by === 'object' ? { kind: 'header', name: raw.by.header } : { kind: raw.by ?? 'title' },
    expect,
    deviation: shareOf(raw.catches ?? '10%'),
    error: chanceOf(raw.confidence ?? '1 in 1000000'),
    miss: chanceOf(raw.misses ?? '1 in 2000'),
  };
  checkSplit(step, path, reading);
  return step;
}

/** @throws {StepFailure} `LW-SAMPLE-SPLIT`, `LW-SAMPLE-UNREACHABLE`. */
async function takeSample(step: SampleStep, context: BrowserContext): Promise<void> {
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

/** Sends requests in batches; the answers are judged one by one in the order of the requests. */
async function collect(step: SampleStep, url: string, test: SequentialTest, context: BrowserContext): Promise<void> {
  const { page } = context;
  const reloads = step.by.kind === 'title' ? RELOADS : 0;
  const header = step.by.kind === 'header' ? step.by.name : undefined;
  const take = (response: FetchedResponse): void => {
    const value = seenIn(step, response);
    if (test.stop === undefined && response.requestId !== undefined)
      context.asked({ id: response.requestId, url, value });
    test.add(value);
  };
  try {
    await page.open(url);
    for (let count = 0; count < reloads && test.stop === undefined; count += 1) {
      const { status, requestId } = await page.reload();
      take({ status, requestId, title: (await page.title()).trim(), header: '' });
    }
    while (test.stop === undefined) {
      const batch = Math.min(Math.max(test.fewestLeft, SMALLEST_BATCH), test.rule.cutOff - test.requests);
      for (const response of await page.fetchMany(url, batch, CONCURRENCY, header)) take(response);
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
      // An error page often has no title; its status says what it is.
      return response.title === '' && response.status >= 400 ? `HTTP ${response.status}` : response.title;
    case 'status':
      return String(response.status);
    case 'header':
      return response.header;
  }
}
