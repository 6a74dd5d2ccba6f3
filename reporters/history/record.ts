/** One run as recorded in the history: what is worth comparing between runs, without the evidence. */
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { ConsoleControl, ConsoleEvidence } from '../../model/console.ts';
import type { StepEvidence } from '../../model/evidence.ts';
import { plain } from '../plain.ts';
import type { ExerciseRun, Run, SectionRun, Status } from '../run.ts';
import { judge } from '../verdict.ts';

/** A change of meaning needs a new version; new optional keys do not. Described by `schemas/history.schema.json`. */
export const HISTORY_VERSION = 1;

export interface HistoryRun extends RunFacts {
  /** The first key of every line: it marks where a complete line begins after an incomplete one. */
  readonly labwright: typeof HISTORY_VERSION;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly verdict: { readonly kind: string; readonly reason: string; readonly exitCode: number };
  readonly lab: LabFacts & { readonly name: string; readonly title: string };
  readonly cluster?: HistoryCluster;
  readonly release?: string;
  readonly browsers: readonly { readonly name: string; readonly version?: string }[];
  readonly sections: readonly HistorySection[];
}

/** Facts that reporters can't know: who started the run and where, and the state of the files. */
export interface RunFacts {
  /** Unique; two lines with the same id are the same run. */
  readonly id: string;
  readonly lab?: LabFacts;
  readonly tool: { readonly version: string; readonly commit?: string };
  readonly host: string;
  /** Context of the kubeconfig, if the run used a cluster. */
  readonly context?: string;
  /** A link to the run, for example on a CI server. */
  readonly link?: string;
  /** What the shards of one run have in common, and how many there are. */
  readonly group?: string;
  readonly shard?: { readonly index: number; readonly total: number };
  /** Runs that were merged into this one; they no longer count separately. */
  readonly parts?: readonly string[];
}

export interface LabFacts {
  /** The commit that last changed the lab's files. */
  readonly commit?: string;
  /** Digest of the lab's files: equal wherever the files are the same. */
  readonly content?: string;
  /** The files differ from the commit. */
  readonly dirty?: boolean;
}

export interface HistoryCluster {
  readonly kind: 'sandbox' | 'openshift';
  readonly server: string;
  readonly openshiftVersion: string;
}

export interface HistorySection {
  readonly number: number;
  readonly title: string;
  readonly exercises: readonly HistoryExercise[];
}

/** One exercise in one browser. */
export interface HistoryExercise {
  readonly title: string;
  readonly browser: string;
  readonly status: Status;
  readonly durationMs: number;
  /** For a failure outside the steps. */
  readonly failure?: HistoryFailure;
  readonly steps: readonly HistoryStep[];
}

export interface HistoryStep {
  /** Position within the exercise, from 0. */
  readonly index: number;
  /** Digest of the step's YAML: identifies a step after lines were moved or titles changed. */
  readonly yaml: string;
  readonly verb: string;
  readonly title: string;
  readonly outcome: 'passed' | 'failed';
  readonly durationMs: number;
  /** The wait that came closest to its deadline. */
  readonly wait?: { readonly deadlineMs: number; readonly takenMs: number };
  readonly failure?: HistoryFailure;
  /** For a step that the guide clicks in the web console: whether it was clicked, and controls that differ between consoles. */
  readonly console?: { readonly by: 'clicks' | 'api'; readonly controls?: readonly ConsoleControl[] };
  /** A difference between guide and release that the lab declares; `shown` if it occurred. */
  readonly drift?: { readonly because: string; readonly shown: boolean };
}

export interface HistoryFailure {
  readonly code?: string;
  readonly message: string;
  /** `05-traffic.yaml:18`. */
  readonly at?: string;
}

/** A message in the history is for recognizing a failure, not for reading all of it. */
const MESSAGE_LENGTH = 400;
const TITLE_LENGTH = 160;

/** @returns the run as recorded in the history. */
export function recordOf(run: Run, facts: RunFacts): HistoryRun {
  const { kind, reason, exitCode } = judge(run);
  const { id, tool, host, lab, ...others } = facts;
  return {
    labwright: HISTORY_VERSION,
    id,
    startedAt: run.startedAt,
    durationMs: Math.round(run.durationMs),
    verdict: { kind, reason: shorten(reason, MESSAGE_LENGTH), exitCode },
    lab: { ...run.lab, ...lab },
    ...(run.cluster === undefined ? {} : clusterOf(run.cluster)),
    browsers: run.browsers.map(({ project, version }) => ({
      name: project,
      ...(version === undefined ? {} : { version }),
    })),
    tool,
    host,
    ...others,
    sections: run.sections.map(sectionOf),
  };
}

/** A run that ended before the lab began: only the reason is known. */
export function refusalOf(
  refusal: { readonly kind: string; readonly reason: string; readonly exitCode: number; readonly startedAt: string },
  lab: { readonly name: string; readonly title: string },
  facts: RunFacts,
): HistoryRun {
  const { kind, reason, exitCode, startedAt } = refusal;
  return {
    labwright: HISTORY_VERSION,
    ...facts,
    startedAt,
    durationMs: Math.max(0, Date.now() - Date.parse(startedAt)),
    verdict: { kind, reason: shorten(reason, MESSAGE_LENGTH), exitCode },
    lab: { ...lab, ...facts.lab },
    browsers: [],
    sections: [],
  };
}

function clusterOf(cluster: NonNullable<Run['cluster']>): Pick<HistoryRun, 'cluster' | 'release'> {
  const { kind, server, openshiftVersion, release } = cluster;
  return { cluster: { kind, server, openshiftVersion }, release };
}

function sectionOf(section: SectionRun): HistorySection {
  return { number: section.number, title: section.title, exercises: section.exercises.map(exerciseOf) };
}

function exerciseOf(run: ExerciseRun): HistoryExercise {
  const steps = run.steps.map(stepOf);
  const untold = run.status === 'failed' && steps.every((step) => step.outcome === 'passed');
  const message = run.errors[0] ?? run.notes[0] ?? 'It failed without a message.';
  return {
    title: run.title,
    browser: run.project,
    status: run.status,
    durationMs: Math.round(run.durationMs),
    ...(untold ? { failure: { message: shorten(message, MESSAGE_LENGTH) } } : {}),
    steps,
  };
}

function stepOf(evidence: StepEvidence): HistoryStep {
  const { step, failure, drift } = evidence;
  const wait = nearestWait(evidence);
  return {
    index: step.index,
    yaml: digest(step.yaml),
    verb: step.verb,
    title: shorten(step.title, TITLE_LENGTH),
    outcome: evidence.outcome,
    durationMs: Math.round(evidence.durationMs),
    ...(wait === undefined ? {} : { wait }),
    ...(evidence.console === undefined ? {} : { console: consoleOf(evidence.console) }),
    ...(drift === undefined ? {} : { drift: { because: shorten(drift.because, MESSAGE_LENGTH), shown: drift.shown } }),
    ...(failure === undefined
      ? {}
      : {
          failure: {
            code: failure.code,
            message: shorten(failure.message, MESSAGE_LENGTH),
            at: `${basename(failure.at.file)}:${failure.at.line}`,
          },
        }),
  };
}

function consoleOf(console: ConsoleEvidence): NonNullable<HistoryStep['console']> {
  const { by } = console;
  return by === 'api' || console.controls.length === 0 ? { by } : { by, controls: console.controls };
}

function nearestWait(evidence: StepEvidence): HistoryStep['wait'] {
  const waits = evidence.observations.flatMap((seen) => (seen.kind === 'wait' ? [seen] : []));
  const [nearest] = waits.sort((a, b) => b.takenMs / b.deadlineMs - a.takenMs / a.deadlineMs);
  return nearest && { deadlineMs: Math.round(nearest.deadlineMs), takenMs: Math.round(nearest.takenMs) };
}

/** White space and the kind of line ends don't make a different step. */
function digest(yaml: string): string {
  return createHash('sha256').update(yaml.replace(/\s+/g, ' ').trim()).digest('hex').slice(0, 10);
}

function shorten(text: string, length: number): string {
  const line = plain(text).replace(/\s+/g, ' ').trim();
  return line.length <= length ? line : `${line.slice(0, length - 1)}…`;
}
