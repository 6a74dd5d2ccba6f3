/** All mutants of a lab, in the order in which they take effect. */
import { basename, dirname } from 'node:path';
import type { Lab } from '../model/lab.ts';
import type { Mutant } from './model.ts';
import { OPERATORS } from './operators/index.ts';
import { subjectOf } from './subject.ts';

export interface Choice {
  /** Operator names; empty means all. */
  readonly operators: readonly string[];
  /** Numbers of the sections in which the mistake takes effect; empty means all. */
  readonly sections: readonly number[];
  readonly sample?: number;
  /** Seed of the sample. */
  readonly seed: number;
}

/** @param lab a lab that loaded without problems. */
export function mutantsOf(lab: Lab): readonly Mutant[] {
  const subject = subjectOf(lab);
  const mutants = OPERATORS.flatMap((operator) =>
    operator.occasions(subject).flatMap((occasion): Mutant[] => {
      const { edit, description, from, until, about, disguise } = occasion;
      if (edit === undefined) return [];
      return [
        {
          id: `${operator.name}:${nameOf(edit.file, lab)}:${edit.start.line}`,
          operator: operator.name,
          description,
          edit,
          section: from.section.number,
          entry: from.ordinal,
          last: (until ?? from).ordinal,
          about,
          missing: operator.missing,
          ...(disguise === undefined ? {} : { disguise }),
        },
      ];
    }),
  );
  return numbered(mutants).toSorted((one, other) => one.entry - other.entry);
}

/** @returns the selected mutants, in order. */
export function chosenOf(mutants: readonly Mutant[], choice: Choice): readonly Mutant[] {
  const { operators, sections } = choice;
  const wanted = mutants.filter(
    ({ operator, section }) =>
      (operators.length === 0 || operators.includes(operator)) && (sections.length === 0 || sections.includes(section)),
  );
  return sampled(wanted, choice).toSorted((one, other) => one.entry - other.entry);
}

/** Adds a number to the ids of several mutants by one operator in one line. */
function numbered(mutants: readonly Mutant[]): Mutant[] {
  const seen = new Map<string, number>();
  return mutants.map((mutant) => {
    const count = (seen.get(mutant.id) ?? 0) + 1;
    seen.set(mutant.id, count);
    return count === 1 ? mutant : { ...mutant, id: `${mutant.id}.${count}` };
  });
}

/** The same seed gives the same sample; a larger sample contains the smaller one. */
function sampled(mutants: readonly Mutant[], { sample, seed }: Choice): readonly Mutant[] {
  if (sample === undefined || sample >= mutants.length) return mutants;
  return mutants
    .map((mutant) => ({ mutant, rank: rankOf(`${seed} ${mutant.id}`) }))
    .toSorted((one, other) => one.rank - other.rank)
    .slice(0, sample)
    .map(({ mutant }) => mutant);
}

/** FNV-1a. */
function rankOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  return hash;
}

/** The name of a section, or another file's name with its folder: both versions of an app have a deployment.yaml. */
function nameOf(file: string, lab: Lab): string {
  const folder = dirname(file);
  return folder === lab.directory ? basename(file) : `${basename(folder)}/${basename(file)}`;
}
