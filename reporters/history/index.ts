/** The part of the history that the CLI uses. */
export { seriesKey } from './analysis/series.ts';
export { appendRuns, HISTORY_FILE, parseHistory, readHistory } from './file.ts';
export { renderHistory } from './page/page.ts';
export { type HistoryRun, type LabFacts, type RunFacts, refusalOf } from './record.ts';
