/** `verdict.json`: the verdict, and who answered what the browsers and calls asked, for the CLI and for pipelines. */
import type { Answer, Answers } from '../model/answers.ts';
import type { StepEvidence } from '../model/evidence.ts';
import type { ExerciseRun, Run } from './run.ts';
import type { Verdict } from './verdict.ts';

/** Described by `schemas/verdict.schema.json`. New optional keys need no new version. */
export interface VerdictFile {
  readonly version: 1;
  readonly kind: Verdict['kind'];
  readonly headline: string;
  readonly reason: string;
  readonly counts: Verdict['counts'];
  readonly exitCode: Verdict['exitCode'];
  /** `LW-…` of the error that prevented the lab from being played. */
  readonly code?: string;
  readonly durationMs: number;
  /** Steps whose requests were looked up in the access logs of the mesh's proxies, in the order they ran. */
  readonly answered: readonly AnsweredStep[];
}

export interface AnsweredStep {
  readonly browser: string;
  readonly section: number;
  readonly exercise: string;
  readonly step: string;
  /** The `x-request-id` of the step's views and calls, where its own end knows it. */
  readonly requestIds: readonly string[];
  readonly log: Answers['log'];
  readonly answers: readonly Omit<Answer, 'step'>[];
  /** Requests that no proxy logged. */
  readonly missing: number;
}

/** @param run complete or not. */
export function verdictFile(run: Run, verdict: Verdict): VerdictFile {
  const { kind, headline, reason, counts, exitCode } = verdict;
  const code = /\((LW-[A-Z-]+)\)/.exec(run.notFit ?? '')?.[1];
  const answered = run.sections.flatMap(({ number, exercises }) =>
    exercises.flatMap((exercise) => exercise.steps.flatMap((step) => answeredStep(number, exercise, step))),
  );
  return {
    version: 1,
    ...{ kind, headline, reason, counts, exitCode },
    durationMs: run.durationMs,
    ...(code === undefined ? {} : { code }),
    answered,
  };
}

function answeredStep(section: number, exercise: ExerciseRun, { step, observations }: StepEvidence): AnsweredStep[] {
  const told = observations.find((one) => one.kind === 'answers');
  if (told === undefined) return [];
  const requestIds = observations.flatMap((one) =>
    (one.kind === 'page' || one.kind === 'call') && one.requestId !== undefined ? [one.requestId] : [],
  );
  const { log, missing } = told;
  const answers = told.answers.map(({ step: _index, ...answer }) => answer);
  return [
    {
      browser: exercise.project,
      section,
      exercise: exercise.title,
      step: step.title,
      requestIds: [...new Set(requestIds)],
      log,
      answers,
      missing,
    },
  ];
}
