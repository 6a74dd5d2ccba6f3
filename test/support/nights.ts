/**
 * Generates several hundred nights, for tests of the history and for viewing its page:
 * `node test/support/nights.ts DIRECTORY [nights]` writes them as a history. The result is always the same.
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { HISTORY_FILE } from '../../reporters/history/file.ts';
import { type HistoryExercise, type HistoryRun, type HistoryStep, recordOf } from '../../reporters/history/record.ts';
import type { Status } from '../../reporters/run.ts';
import { passingRun } from '../report-samples/runs.ts';
import { Random } from './random.ts';

const DAY_MS = 86_400_000;
const FIRST_NIGHT = Date.parse('2026-01-05T01:30:00Z');

const CLUSTERS = [
  ...['2.0', '2.1', '2.2', '2.3', '2.4', '2.5', '2.6'].map((release) => ({ release, context: undefined, from: 0 })),
  { release: '2.5', context: 'classroom-east', from: 90 },
  { release: '2.6', context: 'classroom-west', from: 140 },
] as const;
type Place = (typeof CLUSTERS)[number];

const WAITS: Readonly<Record<string, number>> = {
  ready: 120_000,
  check: 30_000,
  browse: 15_000,
  operator: 600_000,
  call: 10_000,
};

const TEMPLATE = recordOf(passingRun(), { id: 'template', tool: { version: '0.1.0' }, host: 'runner' });

/** @returns the runs of `count` nights, oldest first, each on every release and cluster that existed at the time. */
export function nights(count: number): HistoryRun[] {
  const chance = new Random(7);
  const random = () => chance.next();
  return Array.from({ length: count }, (_, night) =>
    CLUSTERS.flatMap((place, turn) => (night < place.from ? [] : [oneRun(night, place, turn, random)])),
  ).flat();
}

function oneRun(night: number, place: Place, turn: number, random: () => number): HistoryRun {
  const cluster = clusterOf(place, turn);
  const base: HistoryRun = {
    ...TEMPLATE,
    id: `night-${night}-${place.release}-${place.context ?? 'sandbox'}`,
    startedAt: new Date(FIRST_NIGHT + night * DAY_MS + turn * 240_000).toISOString(),
    lab: { ...TEMPLATE.lab, ...labAt(night) },
    release: `OpenShift Service Mesh ${place.release}`,
    cluster,
    ...(place.context === undefined ? {} : { context: place.context }),
    browsers: [
      { name: 'firefox', version: night < 150 ? '152.0' : night < 250 ? '153.0' : '154.0.1' },
      { name: 'chromium', version: night < 100 ? '148.0.7778.56' : '156.0.8078.79' },
    ],
    tool: { version: night < 200 ? '0.1.0' : '0.2.0' },
    host: place.context === undefined ? `runner-${turn % 3}` : 'lab-gateway',
    link: `https://ci.example.com/runs/${night * 10 + turn}`,
  };
  if (place.context === 'classroom-west' && night % 53 === 20) return notFit(base);
  return judged(played(base, night, place, random));
}

function clusterOf({ release, context }: Place, turn: number): NonNullable<HistoryRun['cluster']> {
  const openshiftVersion = `4.${8 + Number(release.split('.')[1])}.${40 + turn}`;
  return context === undefined
    ? { kind: 'sandbox', server: `https://127.0.0.1:${40_000 + turn}`, openshiftVersion }
    : { kind: 'openshift', server: `https://api.${context}.example.com:6443`, openshiftVersion };
}

function labAt(night: number): HistoryRun['lab'] {
  const state = night < 60 ? 'a41c09e' : night < 175 ? 'c77d210' : night < 270 ? '5be2f38' : '91d04aa';
  return { ...TEMPLATE.lab, commit: `${state}${'0'.repeat(33)}`, content: `${state}c0ffee`, dirty: false };
}

function notFit(run: HistoryRun): HistoryRun {
  const reason = 'The cluster did not answer: connect ETIMEDOUT api.classroom-west.example.com:6443';
  return { ...run, durationMs: 30_000, verdict: { kind: 'not fit', reason, exitCode: 3 }, browsers: [], sections: [] };
}

function played(run: HistoryRun, night: number, place: Place, random: () => number): HistoryRun {
  const pace = (place.context === undefined ? 1 : 6) * (0.9 + 0.25 * random()) * (night > 200 ? 0.85 : 1);
  const sections = run.sections.map((section) => ({
    ...section,
    exercises: section.exercises.map((exercise) => {
      const steps = exercise.steps.map((step) => withWait(step, exercise.title, night, place, pace, random));
      return failing({ ...exercise, steps }, section.number, night, place, random);
    }),
  }));
  const total = sections.flatMap((s) =>
    s.exercises.map((e) => e.steps.reduce((sum, step) => sum + step.durationMs, 400)),
  );
  return { ...run, sections, durationMs: Math.round(total.reduce((sum, one) => sum + one, 0) * 0.55) };
}

/** On the eastern cluster, the operator gets slower every week. */
function withWait(
  step: HistoryStep,
  exercise: string,
  night: number,
  place: Place,
  pace: number,
  random: () => number,
): HistoryStep {
  const deadlineMs = WAITS[step.verb];
  const noise = 0.85 + 0.3 * random() + (random() < 0.02 ? 1.5 : 0);
  const durationMs = Math.round(step.durationMs * pace * noise);
  if (deadlineMs === undefined) return { ...step, durationMs };
  if (step.verb === 'operator' && place.context === 'classroom-east') {
    const takenMs = Math.round((180_000 + (night - 90) * 1_750) * (0.96 + 0.08 * random()));
    return { ...step, durationMs: takenMs, wait: { deadlineMs, takenMs: Math.min(takenMs, deadlineMs - 900) } };
  }
  if (exercise === 'Create the control plane' && place.context !== undefined) {
    const takenMs = Math.round(deadlineMs * (0.8 + 0.12 * random()));
    return { ...step, durationMs: takenMs, wait: { deadlineMs, takenMs } };
  }
  return { ...step, durationMs, wait: { deadlineMs, takenMs: Math.min(durationMs, deadlineMs - 10) } };
}

/** The failures: what, where and since when. */
function failing(
  exercise: HistoryExercise,
  section: number,
  night: number,
  place: Place,
  random: () => number,
): HistoryExercise {
  const roll = random();
  const title = exercise.title;
  if (title === 'A/B testing with Istio' && exercise.browser === 'firefox' && night >= 250 && place.release === '2.6') {
    return fail(
      exercise,
      exercise.steps.length - 1,
      'LW-EXPECT-PAGE',
      'the title is "Guestbook - v1"',
      '05-traffic.yaml:33',
    );
  }
  if (title.startsWith('Expose the app') && place.release === '2.5' && night >= 175 && night < 181) {
    return fail(exercise, 1, 'LW-EXPECT-TEXT', '`echo $GUESTBOOK_ROUTE` printed nothing', '04-gateway.yaml:12');
  }
  if (title === 'Canary deployment' && roll < (place.context === undefined ? 0.002 : 0.05)) {
    return fail(
      exercise,
      1,
      'LW-SAMPLE-SPLIT',
      'Guestbook - v2 came 14% of the time instead of 20%',
      '05-traffic.yaml:41',
    );
  }
  if (section === 6 && place.release === '2.1' && night >= 60 && night < 100) {
    return fail(
      exercise,
      2,
      'LW-CALL-OUTCOME',
      'called from a pod without sidecar: 200 instead of reset',
      '06-secure.yaml:19',
    );
  }
  if (title === 'Install the Guestbook app' && place.context === 'classroom-east' && roll < 0.015) {
    return fail(
      exercise,
      1,
      'LW-READY-TIMEOUT',
      'Deployment guestbook-v1 did not become ready within 120 s',
      '03-guestbook.yaml:20',
    );
  }
  return exercise;
}

function fail(exercise: HistoryExercise, at: number, code: string, message: string, where: string): HistoryExercise {
  const steps = exercise.steps
    .slice(0, at + 1)
    .map(
      (step, index): HistoryStep =>
        index < at ? step : { ...step, outcome: 'failed', failure: { code, message, at: where } },
    );
  return { ...exercise, status: 'failed', steps };
}

function judged(run: HistoryRun): HistoryRun {
  const statuses: Status[] = run.sections.flatMap((section) => section.exercises.map((exercise) => exercise.status));
  const failed = statuses.filter((status) => status !== 'passed').length;
  const verdict =
    failed === 0
      ? { kind: 'certified', reason: 'All 11 exercises passed in Firefox and Chromium.', exitCode: 0 }
      : { kind: 'failed', reason: `${statuses.length - failed} passed, ${failed} failed.`, exitCode: 1 };
  return { ...run, verdict };
}

/** As on a damaged disk: torn, duplicated and blank lines. */
export function historyText(runs: readonly HistoryRun[]): string {
  return runs
    .flatMap((run, place) => {
      const line = JSON.stringify(run);
      if (place % 97 === 13) return [line, line.slice(0, line.length / 3)];
      if (place % 89 === 7) return [line, line];
      return place % 101 === 3 ? [line, ''] : [line];
    })
    .join('\n');
}

if (process.argv[1] === import.meta.filename) {
  const directory = resolve(process.argv[2] ?? 'reports/nights/history');
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, HISTORY_FILE), historyText(nights(Number(process.argv[3] ?? 300))));
}
