/** The language: YAML in, typed lab or all problems out. `steps/load.ts` passes in the verbs. */
export { loadLab, loadSection, type ReadLab, readLab } from './load.ts';
