/** What the command line uses of the release matrix. */
export { joinMatrices, matrixOf, type ReleaseRun } from './drift.ts';
export { matrixPage } from './page.ts';
export { matrixText } from './text.ts';
