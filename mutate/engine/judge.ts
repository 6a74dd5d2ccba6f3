/** Turns the end of a mutant's play into a result. */
import { formatSeconds } from '../../model/duration.ts';
import type { Lab } from '../../model/lab.ts';
import type { Killer, Mutant, Result } from '../model.ts';
import type { Place } from '../places.ts';
import type { Ending } from './player.ts';
import { reasonOf } from './right-reason.ts';
import { inOriginal } from './workspace.ts';

const SAME = 'the cluster holds the same objects as without the mistake, exercise by exercise';

interface Judged {
  readonly lab: Lab;
  /** The lab with the mistake. */
  readonly copy: Lab;
  /** Whether the cluster's state was the same as without the mistake throughout. */
  readonly isSame: boolean;
  /** The first difference. */
  readonly difference?: string | undefined;
}

export function resultOf(mutant: Mutant, ending: Ending, labs: Judged, durationMs: number): Result {
  const base = { mutant, durationMs: Math.round(durationMs) };
  switch (ending.kind) {
    case 'passed':
      if (labs.isSame) return { ...base, status: 'equivalent', reason: SAME };
      return { ...base, status: 'survived', reason: survival(mutant, labs.difference) };
    case 'blocked':
      return { ...base, status: 'blocked', failure: ending.failure, reason: `blocked by ${ending.by}` };
    case 'failed':
    case 'timeout':
      if (isItself(mutant, ending.place, labs))
        return { ...base, status: 'blocked', reason: `the mistake itself could not be made: ${wordsOf(ending)}` };
      return killed(base, ending, labs);
  }
}

/** Whether the step that failed is the one that makes the mistake. That says nothing about the lab's own steps. */
function isItself({ edit }: Mutant, { step }: Place, { lab, copy }: Judged): boolean {
  const isInserted = edit.from === edit.to;
  const lines = edit.replacement.split('\n').length - 1;
  const isWithin = step.at.line >= edit.start.line && step.at.line < edit.start.line + Math.max(lines, 1);
  return isInserted && isWithin && inOriginal(step.at.file, copy, lab) === edit.file;
}

function wordsOf(ending: Failed): string {
  return ending.kind === 'failed' ? ending.failure.message : `it did not end within ${formatSeconds(ending.limitMs)}`;
}

type Failed = Extract<Ending, { kind: 'failed' | 'timeout' }>;

function killed(base: Pick<Result, 'mutant' | 'durationMs'>, ending: Failed, labs: Judged): Result {
  const { mutant } = base;
  const { step, section } = ending.place;
  const killer = killerOf(ending.place, labs);
  if (ending.kind === 'timeout') {
    const reason = `did not end within ${formatSeconds(ending.limitMs)}`;
    return { ...base, status: 'timeout', killer, reason, kill: reasonOf(mutant, step, section, undefined) };
  }
  const { failure } = ending;
  const at = { ...failure.at, file: inOriginal(failure.at.file, labs.copy, labs.lab) };
  return {
    ...base,
    status: 'killed',
    killer,
    failure: { ...failure, at },
    kill: reasonOf(mutant, step, section, failure),
  };
}

/** The missing check, and what it should have noticed. */
function survival({ missing }: Mutant, difference: string | undefined): string {
  return difference === undefined ? missing : `${missing}. What differs on the cluster: ${difference}`;
}

function killerOf({ section, exercise, step }: Place, { lab, copy }: { lab: Lab; copy: Lab }): Killer {
  return {
    section: section.number,
    exercise: section.exercises[exercise]?.title ?? '',
    step: step.title,
    verb: step.verb,
    at: { ...step.at, file: inOriginal(step.at.file, copy, lab) },
  };
}
