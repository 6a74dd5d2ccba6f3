import { type RunStep, run } from '../../../steps/run.ts';
import type { PlacedStep, Subject } from '../../subject.ts';

/** A command that a person types. */
export type Typed = PlacedStep & { readonly step: RunStep };

/** The guide's commands in order, without the lab's own checks. */
export function commandsOf({ steps }: Subject): Typed[] {
  return steps.flatMap((placed) => {
    const { step } = placed;
    return run.owns(step) ? [{ ...placed, step }] : [];
  });
}

/** Names that a command is about: variables it sets, files and objects it names. */
export function wordsOf({ step }: Typed): string[] {
  const words = step.command.match(/[A-Za-z][\w.-]{3,}/g) ?? [];
  return [
    ...new Set(
      words.flatMap((word) => [
        word,
        word.replace(/\.ya?ml$/, ''),
        ...word.split(/[.-]/).filter((part) => part.length > 3),
      ]),
    ),
  ];
}
