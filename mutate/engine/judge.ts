/** Makes a result of how the play of a mutant ended. */
import type { Lab } from '../../model/lab.ts';
import type { Killer, Mutant, Result } from '../model.ts';
import type { Place } from '../places.ts';
import type { Ending } from './player.ts';
import { inOriginal } from './workspace.ts';

const SAME = 'the cluster holds the same objects as without the mistake, exercise by exercise';

interface Judged {
  readonly lab: Lab;
  /** The lab with the mistake. */
  readonly copy: Lab;
  /** Whether the cluster was told the same as without it, all the time. */
  readonly isSame: boolean;
}

export function resultOf(mutant: Mutant, ending: Ending, labs: Judged, durationMs: number): Result {
  const base = { mutant, durationMs: Math.round(durationMs) };
  switch (ending.kind) {
    case 'passed':
      if (labs.isSame) return { ...base, status: 'equivalent', reason: SAME };
      return { ...base, status: 'survived', reason: mutant.missing };
    case 'blocked':
      return { ...base, status: 'blocked', failure: ending.failure, reason: `blocked by ${ending.by}` };
    case 'timeout': {
      const killer = killerOf(ending.place, labs);
      const reason = `did not end within ${ending.limitMs / 1_000} s`;
      return { ...base, status: 'timeout', killer, reason, named: isNamed(mutant, ending.place, '') };
    }
    case 'failed': {
      const { failure, place } = ending;
      const at = { ...failure.at, file: inOriginal(failure.at.file, labs.copy, labs.lab) };
      const said = [
        failure.message,
        failure.expected,
        failure.actual,
        ...(failure.details ?? []).map(({ text }) => text),
      ];
      const named = isNamed(mutant, place, said.join('\n'));
      return { ...base, status: 'killed', killer: killerOf(place, labs), failure: { ...failure, at }, named };
    }
  }
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

/** The right reason: the step, or what it says, is about what the mistake is about. */
function isNamed(mutant: Mutant, { step }: Place, said: string): boolean {
  const text = `${step.title}\n${step.yaml}\n${said}`.toLowerCase();
  return mutant.about.some((word) => text.includes(word.toLowerCase()));
}
