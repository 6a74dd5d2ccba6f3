/** The language: YAML in, typed lab out, and all that is wrong with it at once. */
export type { Scope } from './interpolate.ts';
export { interpolate } from './interpolate.ts';
export { loadLab, loadSection } from './load.ts';
export type { Problem } from './problem.ts';
export { formatProblems, LabError } from './problem.ts';
