import { type RunStep, run } from '../../../steps/run.ts';
import type { PlacedStep, Subject } from '../../subject.ts';
import { routedSubsets } from '../routing/destinations.ts';

/** A command that a person types. */
export type Typed = PlacedStep & { readonly step: RunStep };

/** The guide's commands in order, without the lab's own checks. */
export function commandsOf({ steps }: Subject): Typed[] {
  return steps.flatMap((placed) => {
    const { step } = placed;
    return run.owns(step) ? [{ ...placed, step }] : [];
  });
}

/** Names that a command is about: variables it sets, files and objects it names, what it creates, and subsets that it routes to or away from. */
export function aboutCommand({ manifests }: Subject, { step }: Typed): string[] {
  const used = manifests.filter(({ uses }) => uses.some((use) => use.step === step));
  const forms = manifests.filter(({ kind, name }) => used.some((one) => one.kind === kind && one.name === name));
  return [...new Set([...wordsOf(step), ...forms.flatMap(({ name, object }) => [name, ...routedSubsets(object)])])];
}

function wordsOf(step: RunStep): string[] {
  const words = step.command.match(/[A-Za-z][\w.-]{3,}/g) ?? [];
  return words.flatMap((word) => [
    word,
    word.replace(/\.ya?ml$/, ''),
    ...word.split(/[.-]/).filter((part) => part.length > 3),
  ]);
}
