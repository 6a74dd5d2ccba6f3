/** In the browser: the labels of the charts' axes. As in `client.ts`, only the text of the functions goes into the page. */
import type uPlot from 'uplot';

/** Dates in day-month order, in UTC; each year and day once. */
export function timeLabels(splits: readonly number[], between: number): string[] {
  const part = (seconds: number, options: Intl.DateTimeFormatOptions) =>
    new Date(seconds * 1000).toLocaleString('en-GB', { timeZone: 'UTC', ...options });
  const day = (seconds: number) => part(seconds, { day: 'numeric', month: 'short' });
  const year = (seconds: number) => part(seconds, { year: 'numeric' });
  return splits.map((at, index) => {
    const before = splits[index - 1] ?? 0;
    const inYear = year(at) === year(before) ? '' : `\n${year(at)}`;
    if (between >= 28 * 86_400) return part(at, { month: 'short' }) + inYear;
    if (between >= 86_400) return day(at) + inYear;
    const inDay = day(at) === day(before) ? '' : `\n${day(at)}`;
    return part(at, { hour: '2-digit', minute: '2-digit' }) + inDay;
  });
}

export function timeRange(plot: uPlot, from: number, to: number): [number, number] {
  const times = plot.data[0];
  const [first = from, last = to] = [times[0], times[times.length - 1]];
  return last - first < 7200 ? [first - 43_200, last + 43_200] : [from, to];
}

/** Tick intervals in seconds that are easy to read. */
export function roundTimes(least: number, most: number): number[] {
  const minutes = [60, 120, 300, 600, 1200, 1800, 3600, 7200, 14_400];
  const all = [0.5, 1, 2, 5, 10, 20, 30, ...minutes].filter((each) => each >= least && each <= most);
  return all.length > 0 ? all : [least, most];
}
