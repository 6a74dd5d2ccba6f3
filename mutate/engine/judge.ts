/** Makes a result of how the play of a mutant ended. */
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
  /** Whether the cluster was told the same as without it, all the time. */
  readonly isSame: boolean;
  /** What was the first thing to differ. */
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
    case 'timeout': {
      const killer = killerOf(ending.place, labs);
      const reason = `did not end within ${formatSeconds(ending.limitMs)}`;
      const kill = reasonOf(mutant, ending.place.step, ending.place.section, undefined);
      return { ...base, status: 'timeout', killer, reason, kill };
    }
    case 'failed': {
      const { failure, place } = ending;
      const at = { ...failure.at, file: inOriginal(failure.at.file, labs.copy, labs.lab) };
      const kill = reasonOf(mutant, place.step, place.section, failure);
      return { ...base, status: 'killed', killer: killerOf(place, labs), failure: { ...failure, at }, kill };
    }
  }
}

/** The check that is missing, and what it would have had to notice. */
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
