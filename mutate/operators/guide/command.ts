import { type RunStep, run } from '../../../steps/run.ts';
import type { PlacedStep, Subject } from '../../subject.ts';

/** A step that a person types. */
export type Typed = PlacedStep & { readonly step: RunStep };

/** Commands of the guide in their order; a lab's own checks are not among them. */
export function commandsOf({ steps }: Subject): Typed[] {
  return steps.flatMap((placed) => {
    const { step } = placed;
    return run.owns(step) ? [{ ...placed, step }] : [];
  });
}

/** What a command is about: the variables that it sets, files and objects that it names. */
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
