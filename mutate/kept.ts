/** Results of an earlier run that still count, because nothing that is played up to the verdict has changed. */
import { join, relative } from 'node:path';
import type { Lab } from '../model/lab.ts';
import type { Killer, Mutant, Result } from './model.ts';
import { exercisesOf, type Place } from './places.ts';
import type { MutationReport, ReportedMutant } from './report/schema.ts';
import { subjectOf } from './subject.ts';

const STATUS = { Killed: 'killed', Timeout: 'timeout', Survived: 'survived', Ignored: 'equivalent' } as const;

export interface Earlier {
  readonly report: MutationReport;
  /** Absolute paths of files that differ from those of the earlier run. */
  readonly changed: readonly string[];
  /** Folder that the report's file names are relative to. */
  readonly root: string;
}

/** @returns for each mutant the result that still counts, or undefined if it must be played again. */
export function keptResults(lab: Lab, mutants: readonly Mutant[], earlier: Earlier): readonly (Result | undefined)[] {
  const known = new Map(
    Object.values(earlier.report.files).flatMap(({ mutants: of }) => of.map((one) => [one.id, one])),
  );
  const places = exercisesOf(lab).flat();
  const byId = new Map(
    places.map((place) => [`${relative(earlier.root, place.step.at.file)}:${place.step.at.line}`, place]),
  );
  const begins = beginnings(lab);
  const lastOf = (killer: Place | undefined): number => killer?.ordinal ?? Number.POSITIVE_INFINITY;
  return mutants.map((mutant): Result | undefined => {
    const before = known.get(mutant.id);
    if (before === undefined || before.replacement !== mutant.edit.replacement) return undefined;
    const killer = byId.get(before.killedBy?.[0] ?? '');
    if (before.killedBy !== undefined && killer === undefined) return undefined;
    const matters = (file: string): boolean => {
      const begin = beginsAt(file, lab, begins);
      return begin !== undefined && begin <= lastOf(killer);
    };
    return earlier.changed.some(matters) ? undefined : keptResult(mutant, before, killer);
  });
}

function keptResult(mutant: Mutant, before: ReportedMutant, place: Place | undefined): Result | undefined {
  if (before.status === 'RuntimeError') return undefined;
  return {
    mutant,
    status: STATUS[before.status],
    durationMs: before.duration,
    kept: true,
    ...(before.statusReason === undefined ? {} : { reason: before.statusReason }),
    ...(before.killReason === undefined ? {} : { kill: before.killReason }),
    ...(place === undefined ? {} : { killer: killerAt(place) }),
  };
}

function killerAt({ section, exercise, step }: Place): Killer {
  const title = section.exercises[exercise]?.title ?? '';
  return { section: section.number, exercise: title, step: step.title, verb: step.verb, at: step.at };
}

/** Ordinal of the exercise in which a file is first read: sections and manifests. */
function beginnings(lab: Lab): ReadonlyMap<string, number> {
  const { manifests } = subjectOf(lab);
  const sections = exercisesOf(lab).flatMap(([first]) =>
    first === undefined ? [] : [[first.section.file, first.ordinal] as const],
  );
  const files = manifests.flatMap(({ document, uses: [first] }) =>
    first === undefined ? [] : [[document.file, first.ordinal] as const],
  );
  const begins = new Map<string, number>();
  for (const [file, ordinal] of [...sections, ...files])
    begins.set(file, Math.min(ordinal, begins.get(file) ?? ordinal));
  return begins;
}

/** Other files matter from the beginning if they belong to the lab, and never otherwise. */
function beginsAt(file: string, lab: Lab, begins: ReadonlyMap<string, number>): number | undefined {
  const known = begins.get(file);
  if (known !== undefined) return known;
  const isLabs = [lab.directory, ...lab.repositories.map(({ directory }) => directory)].some((folder) =>
    file.startsWith(join(folder, '/')),
  );
  return isLabs && !/\.(?:md|test\.ts|spec\.ts)$/.test(file) ? 0 : undefined;
}
