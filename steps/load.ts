/** The entry point for loading labs: the language with its verbs. */
import * as language from '../language/index.ts';
import type { Problem } from '../language/problem.ts';
import * as validation from '../language/validate.ts';
import type { KnownImage } from '../model/image-reference.ts';
import type { Lab, Section } from '../model/lab.ts';
import { readStep } from './verbs.ts';

export { formatProblems, LabError } from '../language/problem.ts';

export interface LoadOptions {
  /** Numbers of the sections to load; all if absent. */
  readonly sections?: readonly number[];
}

/**
 * @param directory the folder with `lab.yaml`.
 * @throws {LabError} with every problem of every file.
 */
export function loadLab(directory: string, options: LoadOptions = {}): Lab {
  return language.loadLab(directory, { ...options, readStep });
}

/** The parts of the lab that could be read, the problems, and the parts of its steps that can be checked beforehand. */
export function readLab(directory: string, options: LoadOptions = {}): language.ReadLab {
  return language.readLab(directory, { ...options, readStep });
}

/** One section without its lab. @throws {LabError} */
export function loadSection(file: string): Section {
  return language.loadSection(file, readStep);
}

/**
 * @param directory of the lab.
 * @param platformImages available in every sandbox.
 * @returns all problems of all files, including warnings (`severity`); none if the lab is valid.
 */
export function validateLab(directory: string, platformImages: readonly KnownImage[] = []): readonly Problem[] {
  return validation.validateLab(directory, { readStep, platformImages });
}
