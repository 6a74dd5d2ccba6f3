/** Loads a lab's files. Synchronous, because Playwright collects tests synchronously. */
import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Figures, Lab, Release, Section } from '../model/lab.ts';
import { nearest } from '../model/nearest.ts';
import { driftProblems } from './drift.ts';
import { variableProblems } from './interpolate.ts';
import { LabError, type Problem } from './problem.ts';
import type { Contents } from './reading.ts';
import type { RawLab } from './schema.generated.ts';
import { checkDocument } from './schema.ts';
import { schemaLineProblems } from './schema-line.ts';
import { readSection, type StepReader } from './section.ts';
import { readYaml } from './yaml.ts';
import type { YamlDocument } from './yaml-document.ts';

const SECTION_FILE = /^(\d+)-[^/]+\.yaml$/;
/** The default if a lab names none: any image with sh and curl works. */
const DEFAULT_CALL_IMAGE = 'docker.io/curlimages/curl:8.11.0';

export interface ReadOptions {
  /** Numbers of the sections to load; all if absent. */
  readonly sections?: readonly number[];
  readonly readStep: StepReader;
}

export interface ReadLab {
  /** Absent if `lab.yaml` can't be read. */
  readonly lab: Lab | undefined;
  readonly problems: readonly Problem[];
  /** The sections that could be read, in order. */
  readonly contents: readonly Contents[];
}

/**
 * @param directory the folder with `lab.yaml`.
 * @throws {LabError} with every problem of every file.
 */
export function loadLab(directory: string, options: ReadOptions): Lab {
  const { lab, problems } = readLab(directory, options);
  if (lab === undefined || problems.length > 0) throw new LabError(problems);
  return lab;
}

/** One section without its lab. @throws {LabError} */
export function loadSection(file: string, readStep: StepReader): Section {
  const { section, problems } = readSection(resolve(file), readStep);
  if (section === undefined || problems.length > 0) throw new LabError(problems);
  return section;
}

/** The parts of the lab that could be read, and the problems. */
export function readLab(directory: string, options: ReadOptions): ReadLab {
  const file = resolve(directory, 'lab.yaml');
  const read = readYaml(file);
  if ('problems' in read) return { lab: undefined, problems: read.problems, contents: [] };
  const checked = checkDocument('lab', read.document);
  // Problems in lab.yaml must not hide problems in the sections.
  const raw: RawLab = 'value' in checked ? checked.value : { title: basename(dirname(file)) };
  const problems: Problem[] = 'problems' in checked ? [...checked.problems] : [];
  problems.push(...schemaLineProblems(read.document));
  const { releases, refuses } = readReleases(raw, read.document, problems);
  const results = sectionFiles(raw, read.document, options.sections, problems).map((path) =>
    readSection(path, options.readStep),
  );
  const contents = results.flatMap((result) => result.contents ?? []);
  problems.push(
    ...results.flatMap((result) => result.problems),
    ...contents.flatMap(({ variables }) => variables.flatMap(({ text, at }) => releaseProblems(text, at, releases))),
  );
  const sections = results.flatMap(({ section }) => section ?? []);
  problems.push(...driftProblems({ sections, releases }));
  return { lab: labOf(raw, read.document, sections, { releases, refuses }, problems), problems, contents };
}

function labOf(
  raw: RawLab,
  document: YamlDocument,
  sections: readonly Section[],
  known: Pick<Lab, 'releases' | 'refuses'>,
  problems: Problem[],
): Lab {
  const { file } = document;
  const directory = dirname(file);
  const repositories = (raw.repositories ?? []).map((repository, index) => {
    const path = resolve(directory, repository.directory);
    if (!isDirectory(path))
      problems.push({
        code: 'LW-FILE-MISSING',
        at: document.at(['repositories', index, 'directory']),
        message: `there is no folder ${repository.directory}`,
        expected: 'a folder relative to lab.yaml',
      });
    return { url: repository.url, branch: repository.branch, directory: path };
  });
  const images = resolve(directory, raw.images ?? './images.yaml');
  if (raw.images !== undefined && !isFile(images)) problems.push(missingFile(document, ['images'], raw.images));
  return {
    name: basename(directory),
    title: raw.title,
    directory,
    file,
    sections,
    departures: (raw.departures ?? []).map((departure, index) => ({
      ...departure,
      at: document.at(['departures', index]),
    })),
    changes: raw.changes ?? [],
    eachBrowserFrom: raw.eachBrowserFrom ?? 1,
    ...known,
    repositories,
    images,
    callImage: raw.call?.image ?? DEFAULT_CALL_IMAGE,
  };
}

function sectionFiles(
  raw: RawLab,
  document: YamlDocument,
  wanted: readonly number[] | undefined,
  problems: Problem[],
): string[] {
  const directory = dirname(document.file);
  const found = readdirSync(directory)
    .filter((name) => SECTION_FILE.test(name))
    .sort((a, b) => numberOf(a) - numberOf(b));
  const names = raw.sections ?? found;
  const existing = names.filter((name, index) => {
    if (found.includes(name)) return true;
    const suggestion = nearest(name, found);
    problems.push({
      ...missingFile(document, ['sections', index], name),
      ...(suggestion === undefined ? {} : { suggestion }),
    });
    return false;
  });
  const numbers = existing.map(numberOf);
  // A list in lab.yaml is deliberate; without one, a gap means a missing file.
  if (raw.sections === undefined) problems.push(...misnamed(directory), ...gaps(directory, existing));
  for (const [index, number] of numbers.entries()) {
    const first = numbers.indexOf(number);
    if (first === index) continue;
    const at = { file: join(directory, existing[index] ?? ''), line: 1, column: 1 };
    problems.push({
      code: 'LW-SECTION-NUMBER',
      at,
      message: `section ${number} exists twice`,
      expected: `a different number than that of ${existing[first]}`,
    });
  }
  if (names.length === 0)
    problems.push({
      code: 'LW-NO-SECTION',
      at: document.at([]),
      message: 'the lab has no sections',
      expected: 'files such as 01-environment.yaml beside lab.yaml',
    });
  for (const number of wanted ?? []) {
    if (numbers.includes(number)) continue;
    problems.push({
      code: 'LW-NO-SECTION',
      at: document.at(['sections']),
      message: `the lab has no section ${number}`,
      expected: `one of ${numbers.join(', ')}`,
    });
  }
  return existing
    .filter((name) => wanted === undefined || wanted.includes(numberOf(name)))
    .map((name) => join(directory, name));
}

/** Files that look like sections but would be ignored because of their name. */
function misnamed(directory: string): Problem[] {
  return readdirSync(directory)
    .filter((name) => /^\d.*\.ya?ml$/.test(name) && !SECTION_FILE.test(name))
    .map((name) => ({
      code: 'LW-SECTION-NUMBER',
      at: { file: join(directory, name), line: 1, column: 1 },
      message: `${name} looks like a section, but its name is not a section's`,
      expected: 'a name such as 01-environment.yaml',
    }));
}

/** @param names sorted by number. */
function gaps(directory: string, names: readonly string[]): Problem[] {
  return names.flatMap((name, index) => {
    const number = numberOf(name);
    const before = index === 0 ? 0 : numberOf(names[index - 1] ?? '');
    if (number <= before + 1) return [];
    return [
      {
        code: 'LW-SECTION-NUMBER',
        at: { file: join(directory, name), line: 1, column: 1 },
        message: `there is a section ${number}, but no section ${before + 1}`,
        expected: `a file ${String(before + 1).padStart(2, '0')}-….yaml, or \`sections:\` in lab.yaml`,
      },
    ];
  });
}

function numberOf(name: string): number {
  return Number.parseInt(name, 10);
}

function readReleases(raw: RawLab, document: YamlDocument, problems: Problem[]): Pick<Lab, 'releases' | 'refuses'> {
  const none = { releases: [], refuses: {} };
  const file = resolve(dirname(document.file), raw.releases ?? './releases.yaml');
  if (!isFile(file)) {
    if (raw.releases !== undefined) problems.push(missingFile(document, ['releases'], raw.releases));
    return none;
  }
  const read = readYaml(file);
  if ('problems' in read) {
    problems.push(...read.problems);
    return none;
  }
  problems.push(...schemaLineProblems(read.document));
  const checked = checkDocument('releases', read.document);
  if ('problems' in checked) {
    problems.push(...checked.problems);
    return none;
  }
  const { releases, refuses = {} } = checked.value;
  const names = read.document.keys(['releases']);
  return { refuses, releases: names.map((name) => ({ name, figures: (releases[name] ?? {}) satisfies Figures })) };
}

/** A value must exist in every release, or the lab would fail on one of them only. */
function releaseProblems(text: string, at: Problem['at'], releases: readonly Release[]): Problem[] {
  const browser = { name: 'firefox' };
  if (releases.length === 0) return variableProblems(text, { release: {}, browser }, at);
  const missing = releases.map(({ name, figures }) => ({
    name,
    problems: variableProblems(text, { release: figures, browser }, at),
  }));
  const first = missing.find(({ problems }) => problems.length > 0);
  if (first === undefined) return [];
  if (missing.every(({ problems }) => problems.length > 0)) return first.problems;
  return first.problems.map((problem) => ({ ...problem, message: `${problem.message} in release ${first.name}` }));
}

function missingFile(document: YamlDocument, path: readonly (string | number)[], name: string): Problem {
  return {
    code: 'LW-FILE-MISSING',
    at: document.at(path),
    message: `there is no file ${name}`,
    expected: 'a file relative to lab.yaml',
  };
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
