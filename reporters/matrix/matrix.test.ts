import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Lab, Step } from '../../model/lab.ts';
import type { HistoryRun, HistoryStep } from '../history/record.ts';
import { joinMatrices, matrixOf, type ReleaseRun } from './drift.ts';
import { matrixPage } from './page.ts';
import { matrixText } from './text.ts';

const at = { file: '/labs/one/01-one.yaml', line: 7, column: 9 };
const step = (title: string): Step => ({ verb: 'run', at, title, yaml: title });
const titles = ['<b>first</b>', 'second', 'third'];
const lab: Lab = {
  name: 'one',
  title: 'One lab',
  directory: '/labs/one',
  file: '/labs/one/lab.yaml',
  sections: [
    { number: 1, title: 'Only', file: at.file, exercises: [{ title: 'E', at, skipped: [], steps: titles.map(step) }] },
  ],
  departures: [],
  changes: [],
  eachBrowserFrom: 1,
  releases: [],
  refuses: {},
  repositories: [],
  images: '',
  callImage: '',
};

function played(index: number, rest: Partial<HistoryStep> = {}): HistoryStep {
  return { index, yaml: '', verb: 'run', title: titles[index] ?? '', outcome: 'passed', durationMs: 1, ...rest };
}

function run(release: string, steps: readonly HistoryStep[]): ReleaseRun {
  const base = {
    labwright: 1,
    id: release,
    startedAt: '2026-01-01T00:00:00Z',
    durationMs: 1,
    host: 'h',
    browsers: [],
  } as const;
  const made: HistoryRun = {
    ...base,
    tool: { version: '1' },
    verdict: { kind: 'certified', reason: 'all', exitCode: 0 },
    lab: { name: 'one', title: 'One lab' },
    sections: [
      {
        number: 1,
        title: 'Only',
        exercises: [{ title: 'E', browser: 'firefox', status: 'passed', durationMs: 1, steps }],
      },
    ],
  };
  return { release, run: made };
}

const failure = { code: 'LW-RUN-EXIT', message: 'it ended with 1 <script>' };
const runs = [
  run('2.0', [played(0), played(1), played(2)]),
  run('2.1', [played(0), played(1, { drift: { because: 'renamed', shown: true } }), played(2)]),
  run('2.2', [played(0), played(1, { outcome: 'failed', failure })]),
  run('2.3', [played(0), played(1, { drift: { because: 'renamed', shown: false } }), played(2)]),
];

test('a step passes, drifts as declared, fails unexpectedly, or is not reached', () => {
  const matrix = matrixOf(lab, runs, () => []);
  const kinds = matrix.rows.map(({ cells }) => cells.map(({ kind }) => kind));
  assert.deepEqual(kinds, [
    ['passes', 'passes', 'passes', 'passes'],
    ['passes', 'known', 'new', 'passes'],
    ['passes', 'passes', 'open', 'passes'],
  ]);
  assert.equal(matrix.rows[1]?.cells[3]?.gone, true);
  const text = matrixText(matrix);
  assert.match(text, /second +✓ +~ +✗ +✓\?/);
  assert.match(text, /known drift: renamed +\[2\.1\]/);
  assert.match(text, /NEW: it ended with 1 <script> \(LW-RUN-EXIT\), in firefox +\[2\.2\]/);
});

test('a value of the release that differs from the guide is known drift too', () => {
  const figures = (_: Step, release: string) =>
    release === '2.1' ? [{ name: 'ready', here: '10/10', guide: '9/9' }] : [];
  const [first] = matrixOf(lab, runs, figures).rows;
  assert.deepEqual(first?.cells[1], { kind: 'known', reason: 'ready is 10/10, in the guide 9/9' });
});

test('text from labs and clusters can’t become markup of the page', () => {
  const page = matrixPage(
    matrixOf(lab, runs, () => []),
    { '2.0': '2.0/certificate.html' },
  );
  assert.doesNotMatch(page, /<script>|<b>first/);
  assert.match(page, /&lt;b&gt;first/);
  assert.match(page, /href="2\.0\/certificate\.html"/);
});

test('two labs share one table: equal steps share a row, and a release shows nothing for a step that its lab lacks', () => {
  const later: Lab = {
    ...lab,
    name: 'two',
    sections: lab.sections.map((section) => ({
      ...section,
      exercises: [{ title: 'E', at, skipped: [], steps: ['second', 'fourth'].map(step) }],
    })),
  };
  const first = matrixOf(
    lab,
    [
      run(
        '1.0',
        titles.map((_, index) => played(index)),
      ),
    ],
    () => [],
  );
  const second = matrixOf(later, [run('2.0', [played(0), played(1)])], () => []);
  const joined = joinMatrices([first, second]);
  assert.deepEqual(
    joined.releases.map(({ release }) => release),
    ['1.0', '2.0'],
  );
  const kinds = joined.rows.map(({ yaml, cells }) => [yaml, ...cells.map(({ kind }) => kind)]);
  assert.deepEqual(kinds, [
    ['<b>first</b>', 'passes', 'absent'],
    ['second', 'passes', 'passes'],
    ['third', 'passes', 'absent'],
    ['fourth', 'absent', 'passes'],
  ]);
  assert.match(matrixPage(joined, {}), /not in this lab/);
  assert.match(matrixText(joined), /4 of 4 steps pass on every release of their lab/);
});

test('the oldest release comes first, and a section has its title', () => {
  const one = [played(0), played(1), played(2)];
  const matrix = matrixOf(lab, [run('3.10', one), run('3.3', one), run('2.6', one)], () => []);
  assert.deepEqual(
    matrix.releases.map(({ release }) => release),
    ['2.6', '3.3', '3.10'],
  );
  assert.match(matrixPage(matrix, {}), /colspan="4">1 Only</);
});
