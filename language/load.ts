/** Reads a lab's folder: `lab.yaml`, the sections, the releases. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { check, type SchemaName } from './check.ts';
import { type Document, readDocument } from './document.ts';
import type { Exercise, Figures, Lab, Release, Section, Step } from './lab.ts';
import { LabError, type Problem } from './problem.ts';
import type { RawLab, RawReleases, Section as RawSection } from './schema.generated.ts';
import { typedStep } from './steps.ts';

const SECTION_FILE = /^(\d{2,})-[\w-]+\.ya?ml$/;
const DEFAULT_CALL_IMAGE = 'docker.io/curlimages/curl:8.11.0';

/**
 * @param directory of the lab.
 * @returns the typed lab.
 * @throws {LabError} with every problem of every file.
 */
export function loadLab(directory: string): Lab {
  const file = join(directory, 'lab.yaml');
  const collected: Problem[] = [];
  const attempt = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      collected.push(...error.problems);
      return undefined;
    }
  };
  const document = readDocument(file);
  const raw = attempt(() => checked<RawLab>(document, 'lab'));
  const sections = sectionFiles(directory, document).flatMap((path) => attempt(() => loadSection(path)) ?? []);
  const releases =
    raw?.releases === undefined
      ? []
      : (attempt(() => loadReleases(resolve(directory, raw.releases ?? ''), document)) ?? []);
  if (raw !== undefined) collected.push(...missingFiles(document, raw, directory));
  if (raw === undefined || collected.length > 0) throw new LabError(collected);
  return {
    name: basename(directory),
    title: raw.title,
    directory,
    file,
    sections,
    releases,
    departures: (raw.departures ?? []).map((departure, index) => ({
      ...departure,
      at: document.at(['departures', index]),
    })),
    repositories: (raw.repositories ?? []).map((repository) => ({
      ...repository,
      directory: resolve(directory, repository.directory),
    })),
    images: resolve(directory, raw.images ?? './images.yaml'),
    callImage: raw.call?.image ?? DEFAULT_CALL_IMAGE,
  };
}

/** One section's file. @throws {LabError} */
export function loadSection(file: string): Section {
  const document = readDocument(file);
  const raw = checked<RawSection>(document, 'section');
  const problems: Problem[] = [...schemaComment(document, file)];
  const exercises = raw.exercises.map((exercise, index): Exercise => {
    const steps: Step[] = [];
    for (const [number, step] of exercise.steps.entries()) {
      try {
        steps.push(typedStep(document, ['exercises', index, 'steps', number], step));
      } catch (error) {
        if (!(error instanceof LabError)) throw error;
        problems.push(...error.problems);
      }
    }
    return {
      title: exercise.title,
      at: document.at(['exercises', index]),
      skipped: exercise.skipped ?? [],
      steps,
      ...(exercise.beyondTheGuide === undefined ? {} : { beyondTheGuide: exercise.beyondTheGuide }),
    };
  });
  problems.push(...repeatedTitles(exercises));
  if (problems.length > 0) throw new LabError(problems);
  return { number: Number(SECTION_FILE.exec(basename(file))?.[1] ?? 0), title: raw.title, file, exercises };
}

/** The document, once it fits its schema. @throws {LabError} */
function checked<T>(document: Document, name: SchemaName): T {
  const problems = check(document, name);
  if (problems.length > 0) throw new LabError(problems);
  // The schema is what T was generated from, and the value has just been held against it.
  return document.value as T;
}

function sectionFiles(directory: string, document: Document): readonly string[] {
  const files = readdirSync(directory)
    .filter((name) => SECTION_FILE.test(name))
    .sort();
  if (files.length === 0)
    throw new LabError([
      {
        code: 'LW-LAB-SECTIONS',
        at: document.at([]),
        message: 'the lab has no section',
        expected: 'files such as 01-environment.yaml beside lab.yaml',
      },
    ]);
  return files.map((name) => join(directory, name));
}

function loadReleases(file: string, named: Document): readonly Release[] {
  if (!existsSync(file))
    throw new LabError([
      {
        code: 'LW-FILE-MISSING',
        at: named.at(['releases']),
        message: `there is no ${file}`,
        expected: 'the releases file',
      },
    ]);
  const document = readDocument(file);
  const raw = checked<RawReleases>(document, 'releases');
  return Object.entries(raw.releases).map(([name, figures]) => ({ name, figures: figures as Figures }));
}

function missingFiles(document: Document, raw: RawLab, directory: string): readonly Problem[] {
  return (raw.repositories ?? []).flatMap((repository, index) => {
    const path = resolve(directory, repository.directory);
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return [];
    return [
      {
        code: 'LW-FILE-MISSING',
        at: document.at(['repositories', index, 'directory']),
        message: `there is no folder ${repository.directory}`,
        expected: 'the folder with the repository’s files',
      },
    ];
  });
}

/** The first line may name the schema, for editors; a name that leads nowhere gives no completion and no warning. */
function schemaComment(document: Document, file: string): readonly Problem[] {
  const named = /^#\s*yaml-language-server:\s*\$schema=(\S+)/.exec(document.text)?.[1];
  if (named === undefined || /^https?:/.test(named)) return [];
  const path = resolve(dirname(file), named);
  try {
    JSON.parse(readFileSync(path, 'utf8'));
    return [];
  } catch {
    return [
      {
        code: 'LW-LAB-SCHEMA',
        at: { file, line: 1, column: 1 },
        message: `the first line names the schema ${named}, which is not there`,
        expected: 'the path of section.schema.json',
      },
    ];
  }
}

/** Two tests of one name can't be told apart by `--grep`. */
function repeatedTitles(exercises: readonly Exercise[]): readonly Problem[] {
  const seen = new Set<string>();
  return exercises.flatMap(({ title, at }) => {
    if (seen.has(title))
      return [
        { code: 'LW-LAB-VALUE', at, message: `two exercises are called "${title}"`, expected: 'a title of its own' },
      ];
    seen.add(title);
    return [];
  });
}
