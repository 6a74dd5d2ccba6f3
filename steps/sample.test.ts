/** The verb `sample` as it is written and played, against a page whose answers are drawn at random, the same every time. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answers } from '../expect/testing.ts';
import type { Observation } from '../model/evidence.ts';
import type { Asked, BrowserContext, FetchedResponse } from './context.ts';
import { StepFailure } from './failure.ts';
import { type SampleStep, sample } from './sample.ts';
import { chanceOf, shareOf } from './sample-split.ts';

type Shares = Readonly<Record<string, number>>;

const at = { file: 'a.yaml', line: 7, column: 9 };

/** As `catches: 10%`, `confidence: 1 in 1000000` and `misses: 1 in 2000` read it. */
function stepOf(shares: Shares, by: SampleStep['by'] = { kind: 'title' }): SampleStep {
  return {
    verb: 'sample',
    at,
    title: 'a sample',
    yaml: '',
    url: 'http://shop.test/',
    by,
    expect: Object.entries(shares).map(([value, share]) => ({ value, share, at })),
    deviation: shareOf('10%'),
    error: chanceOf('1 in 1000000'),
    miss: chanceOf('1 in 2000'),
  };
}

interface Played {
  readonly failure?: StepFailure['failure'];
  readonly requests: number;
  readonly asked: readonly Asked[];
}

/** @param truth what the page really answers with. */
async function play(step: SampleStep, truth: Shares, seed: number): Promise<Played> {
  const next = answers(truth, seed);
  const seen: Observation[] = [];
  const asked: Asked[] = [];
  let sent = 0;
  let title = '';
  const answer = (): FetchedResponse => {
    const value = next();
    sent += 1;
    const other = { status: 200, title: 'a page', header: '', requestId: String(sent) };
    if (step.by.kind === 'status') return { ...other, status: Number(value) };
    if (value.startsWith('HTTP ')) return { ...other, title: '', status: Number(value.slice('HTTP '.length)) };
    return step.by.kind === 'title' ? { ...other, title: value } : { ...other, header: value };
  };
  const no = () => Promise.reject(new Error('a sample does not do this'));
  const context: BrowserContext = {
    browser: 'firefox',
    figures: {},
    expand: (text) => Promise.resolve(text),
    observe: (observation) => seen.push(observation),
    asked: (request) => asked.push(request),
    keepScreenshot: no,
    page: {
      open: () => Promise.resolve({ status: 200 }),
      reload: () => {
        const response = answer();
        title = response.title;
        return Promise.resolve({ status: response.status, requestId: String(sent) });
      },
      title: () => Promise.resolve(title),
      fetchMany: (_url, count) => Promise.resolve(Array.from({ length: count }, answer)),
      url: () => step.url,
      ...{ fill: no, click: no, nextChange: no, text: no, userAgent: no, screenshot: no },
    },
  };
  const failure = await sample.inBrowser(step, context).then(
    () => undefined,
    (error: unknown) => {
      assert.ok(error instanceof StepFailure, String(error));
      return error.failure;
    },
  );
  const [sampled] = seen;
  assert.ok(sampled?.kind === 'sample');
  return { requests: sampled.requests, asked, ...(failure === undefined ? {} : { failure }) };
}

const SPLITS: readonly Shares[] = [
  { v1: 0.5, v2: 0.5 },
  { v1: 0.8, v2: 0.2 },
  { v1: 0.05, v2: 0.95 },
  { v1: 0.01, v2: 0.99 },
  { v1: 1, v2: 0 },
  { v1: 1 },
  { v1: 0.5, v2: 0.3, v3: 0.2 },
  { v1: 0.34, v2: 0.33, v3: 0.33 },
  { v1: 0.9, v2: 0.09, v3: 0.01 },
];
const nameOf = (shares: Shares) =>
  Object.values(shares)
    .map((share) => Math.round(share * 100))
    .join('/');
const SEEDS = Array.from({ length: 40 }, (_, seed) => seed);

for (const shares of SPLITS) {
  test(`${nameOf(shares)}: a right split passes each time`, async () => {
    for (const seed of SEEDS) {
      const { failure } = await play(stepOf(shares), shares, seed);
      assert.equal(failure, undefined, `seed ${seed}: ${failure?.message}`);
    }
  });

  for (const wrong of moved(shares, 0.11)) {
    test(`${nameOf(shares)}: ${nameOf(wrong)} is caught each time`, async () => {
      for (const seed of SEEDS) {
        const { failure } = await play(stepOf(shares), wrong, seed);
        assert.equal(failure?.code, 'LW-SAMPLE-SPLIT', `seed ${seed}`);
      }
    });
  }
}

/** Every split that takes `by` from one version and gives it to another. */
function moved(shares: Shares, by: number): Shares[] {
  const names = Object.keys(shares).length === 1 ? [...Object.keys(shares), 'other'] : Object.keys(shares);
  return names.flatMap((from) =>
    names
      .filter((to) => to !== from && (shares[from] ?? 0) >= by)
      .map((to) => ({ ...shares, [from]: (shares[from] ?? 0) - by, [to]: (shares[to] ?? 0) + by })),
  );
}

test('a value with a share of 0% that occurs even once is caught in its batch', async () => {
  for (const shares of [{ v1: 1, v2: 0 }, { v1: 1 }]) {
    const { failure } = await play(stepOf(shares), { v1: 0.9, v2: 0.1 }, 3);
    assert.match(failure?.message ?? '', /1 of \d+ responses were "v2", which should not occur at all/);
  }
});

test('an error page without a title is named by its status', async () => {
  const { failure } = await play(stepOf({ v1: 1 }), { v1: 0.9, 'HTTP 503': 0.1 }, 3);
  assert.match(failure?.message ?? '', /responses were "HTTP 503", which should not occur at all/);
});

test('splits are also counted by a header and by the status', async () => {
  const byHeader = stepOf({ blue: 0.7, green: 0.3 }, { kind: 'header', name: 'x-version' });
  assert.equal((await play(byHeader, { blue: 0.7, green: 0.3 }, 1)).failure, undefined);
  assert.match((await play(byHeader, { blue: 0.5, green: 0.5 }, 1)).failure?.message ?? '', /"(blue|green)" came/);
  const byStatus = stepOf({ '200': 0.9, '503': 0.1 }, { kind: 'status' });
  assert.equal((await play(byStatus, { '200': 0.9, '503': 0.1 }, 1)).failure, undefined);
  assert.equal((await play(byStatus, { '200': 1 }, 1)).failure?.code, 'LW-SAMPLE-SPLIT', 'no fault is injected');
});

test('a header match is not a split: one browser gets only one version', async () => {
  const matched = stepOf({ v2: 1 });
  assert.equal((await play(matched, { v2: 1 }, 1)).failure, undefined);
  assert.equal((await play(matched, { v1: 0.8, v2: 0.2 }, 1)).failure?.code, 'LW-SAMPLE-SPLIT');
});

test('every judged request is recorded with the value it counted for', async () => {
  const { asked, requests } = await play(stepOf({ v1: 0.5, v2: 0.5 }), { v1: 0.5, v2: 0.5 }, 5);
  assert.equal(asked.length, requests);
  assert.deepEqual(new Set(asked.map(({ value }) => value)), new Set(['v1', 'v2']));
});
