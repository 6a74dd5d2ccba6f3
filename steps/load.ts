/** The one entry through which everything loads labs: the language, with the verbs that there are. */
import * as language from '../language/index.ts';
import type { Problem } from '../language/problem.ts';
import * as validation from '../language/validate.ts';
import type { Lab, Section } from '../model/lab.ts';
import { readStep } from './verbs.ts';

export { formatProblems, LabError } from '../language/problem.ts';

export interface LoadOptions {
  /** Numbers of the sections to load; all when absent. */
  readonly sections?: readonly number[];
}

/**
 * @param directory the folder with `lab.yaml`.
 * @throws {LabError} with every problem of every file.
 */
export function loadLab(directory: string, options: LoadOptions = {}): Lab {
  return language.loadLab(directory, { ...options, readStep });
}

/** What could be read of the lab, what is wrong with it, and what its steps contain that can be checked beforehand. */
export function readLab(directory: string, options: LoadOptions = {}): language.ReadLab {
  return language.readLab(directory, { ...options, readStep });
}

/** One section without its lab. @throws {LabError} */
export function loadSection(file: string): Section {
  return language.loadSection(file, readStep);
}

/**
 * @param directory of the lab.
 * @param platformImages references and patterns of the images that the sandbox runs without the lab's doing.
 * @returns all problems of all files, warnings (`severity`) included; none when the lab is well-formed.
 */
export function validateLab(directory: string, platformImages: readonly string[] = []): Promise<readonly Problem[]> {
  return validation.validateLab(directory, { readStep, platformImages });
}
