/** The part of the release matrix that the CLI uses. */
export { joinMatrices, matrixOf, type ReleaseRun } from './drift.ts';
export { matrixPage } from './page.ts';
export { matrixText } from './text.ts';
