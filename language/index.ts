export { loadLab } from './load.ts';
export { formatProblems, LabError, type Problem } from './problem.ts';
