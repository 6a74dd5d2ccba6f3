/** Turns one section file into a typed section. */
import { basename } from 'node:path';
import type { Exercise, Section, Step } from '../model/lab.ts';
import type { Problem } from './problem.ts';
import { type Contents, Reading } from './reading.ts';
import type { RawExercise, RawStep } from './schema.generated.ts';
import { checkDocument } from './schema.ts';
import { schemaLineProblems } from './schema-line.ts';
import { readYaml } from './yaml.ts';
import type { Path } from './yaml-document.ts';

export interface ReadSection {
  readonly section: Section | undefined;
  readonly problems: readonly Problem[];
  /** Absent if the section could not be read. */
  readonly contents?: Contents;
}

/** Parses one step; the verbs are defined in `steps/`. @param path position of the step. */
export type StepReader = (raw: RawStep, path: Path, reading: Reading) => Step;

/** @param file absolute path. */
export function readSection(file: string, readStep: StepReader): ReadSection {
  const read = readYaml(file);
  if ('problems' in read) return { section: undefined, problems: read.problems };
  const { document } = read;
  const line = schemaLineProblems(document);
  const checked = checkDocument('section', document);
  if ('problems' in checked) return { section: undefined, problems: [...line, ...checked.problems] };
  const reading = new Reading(document);
  const { title, exercises } = checked.value;
  const section: Section = {
    number: Number.parseInt(basename(file), 10) || 0,
    title,
    file,
    exercises: exercises.map((exercise, index) => readExercise(exercise, index, reading, readStep)),
  };
  sameTitleProblems(section.exercises, reading);
  return { section, problems: [...line, ...reading.problems], contents: reading };
}

function readExercise(raw: RawExercise, index: number, reading: Reading, readStep: StepReader): Exercise {
  const path = ['exercises', index];
  return {
    title: raw.title,
    at: reading.document.at(path),
    ...(raw.beyondTheGuide === undefined ? {} : { beyondTheGuide: raw.beyondTheGuide }),
    skipped: raw.skipped ?? [],
    steps: raw.steps.map((step, number) => readStep(step, [...path, 'steps', number], reading)),
  };
}

/** Playwright refuses two tests with the same title in a file. */
function sameTitleProblems(exercises: readonly Exercise[], reading: Reading): void {
  const seen = new Map<string, Exercise>();
  for (const [index, exercise] of exercises.entries()) {
    const first = seen.get(exercise.title);
    if (first === undefined) seen.set(exercise.title, exercise);
    else
      reading.problem(
        'LW-EXERCISE-TITLE',
        ['exercises', index, 'title'],
        `a second exercise "${exercise.title}"`,
        `a different title than in line ${first.at.line}`,
      );
  }
}
