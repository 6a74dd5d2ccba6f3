/** The language: YAML in, typed lab out, and all that is wrong with it at once. Verbs are given to it by `steps/load.ts`. */
export { loadLab, loadSection, type ReadLab, readLab } from './load.ts';
