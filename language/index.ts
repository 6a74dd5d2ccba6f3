/** The language: YAML in, typed lab out, and all that is wrong with it at once. */
export { loadLab, loadSection } from './load.ts';
export { formatProblems, LabError } from './problem.ts';
