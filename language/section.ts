/** One section file → typed section. */
import { basename } from 'node:path';
import type { Exercise, Section } from '../model/lab.ts';
import type { Problem } from './problem.ts';
import { Reading } from './reading.ts';
import type { RawExercise } from './schema.generated.ts';
import { checkDocument } from './schema.ts';
import { schemaLineProblems } from './schema-line.ts';
import { readStep } from './steps.ts';
import { readYaml } from './yaml.ts';

export interface ReadSection {
  readonly section: Section | undefined;
  readonly problems: readonly Problem[];
  /** Every text in which variables may stand. */
  readonly variables: Reading['variables'];
}

/** @param file absolute path. */
export function readSection(file: string): ReadSection {
  const read = readYaml(file);
  if ('problems' in read) return { section: undefined, problems: read.problems, variables: [] };
  const { document } = read;
  const line = schemaLineProblems(document);
  const checked = checkDocument('section', document);
  if ('problems' in checked) return { section: undefined, problems: [...line, ...checked.problems], variables: [] };
  const reading = new Reading(document);
  const { title, exercises } = checked.value;
  const section: Section = {
    number: Number.parseInt(basename(file), 10) || 0,
    title,
    file,
    exercises: exercises.map((exercise, index) => readExercise(exercise, index, reading)),
  };
  sameTitleProblems(section.exercises, reading);
  return { section, problems: [...line, ...reading.problems], variables: reading.variables };
}

function readExercise(raw: RawExercise, index: number, reading: Reading): Exercise {
  const path = ['exercises', index];
  return {
    title: raw.title,
    at: reading.document.at(path),
    ...(raw.beyondTheGuide === undefined ? {} : { beyondTheGuide: raw.beyondTheGuide }),
    skipped: raw.skipped ?? [],
    steps: raw.steps.map((step, number) => readStep(step, [...path, 'steps', number], reading)),
  };
}

/** Playwright refuses two tests of one title in a file. */
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
        `another title than the one in line ${first.at.line}`,
      );
  }
}
