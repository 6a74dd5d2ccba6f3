/** Loads a lab's files. Synchronous, because Playwright collects tests synchronously. */
import { statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import type { Figures, Lab, Release, Section } from '../model/lab.ts';
import { driftProblems } from './drift.ts';
import { variableProblems } from './interpolate.ts';
import { LabError, missingFile, type Problem } from './problem.ts';
import type { Contents } from './reading.ts';
import type { RawLab } from './schema.generated.ts';
import { checkDocument } from './schema.ts';
import { schemaLineProblems } from './schema-line.ts';
import { readSection, type StepReader } from './section.ts';
import { sectionFiles } from './section-files.ts';
import { readYaml } from './yaml.ts';
import type { YamlDocument } from './yaml-document.ts';

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
  if (raw.images !== undefined && !isFile(images)) problems.push(missingFile(document.at(['images']), raw.images));
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

function readReleases(raw: RawLab, document: YamlDocument, problems: Problem[]): Pick<Lab, 'releases' | 'refuses'> {
  const none = { releases: [], refuses: {} };
  const file = resolve(dirname(document.file), raw.releases ?? './releases.yaml');
  if (!isFile(file)) {
    if (raw.releases !== undefined) problems.push(missingFile(document.at(['releases']), raw.releases));
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

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
