/** In the browser: runs side by side as bars. As in `client.ts`, only the text of the functions goes into the page. */
/// <reference lib="dom" />
import type uPlot from 'uplot';
import type { Lab } from './client-lab.ts';

type UPlot = typeof uPlot;

/**
 * The newest runs of one series, side by side: a low bar for a pass, a high one for a failure.
 * @param id `SERIES` for verdicts, `SERIES-STEP` for one step.
 */
export function drawTape(Plot: UPlot, lab: Lab, place: HTMLElement, id: string): void {
  const [series, tracked] = id.split('-').map(Number);
  const { data } = lab;
  const letters =
    tracked === undefined ? data.verdict : (data.tapes.find((tape) => tape.id === tracked)?.outcome ?? '');
  const own = [...data.time.keys()].filter((run) => data.of[run] === series && letters[run] !== '-');
  const width = Math.max(60, place.clientWidth);
  const runs = own.slice(-Math.max(20, Math.floor(width / 4)));
  const colour = colours(place);
  const heights: Record<string, number> = { c: 0.42, p: 0.42, f: 1, n: 0.7 };
  const kinds = ['cp', 'f', 'n'];
  const bars = Plot.paths.bars?.({ size: [0.72, 14, 1] });
  const columns = kinds.map((kind) =>
    runs.map((run) => (kind.includes(letters[run] ?? '') ? (heights[letters[run] ?? ''] ?? null) : null)),
  );
  clear(place);
  const fills = ['--good', '--bad', '--warn'];
  new Plot(
    {
      width,
      height: 26,
      padding: [2, 0, 0, 0],
      legend: { show: false },
      cursor: { show: false },
      axes: [{ show: false }, { show: false }],
      scales: {
        x: { time: false, range: [-0.5, Math.max(runs.length, Math.floor(width / 14)) - 0.5] },
        y: { range: [0, 1] },
      },
      series: [
        {},
        ...fills.map((name) => ({
          fill: colour(name),
          width: 0,
          points: { show: false },
          ...(bars ? { paths: bars } : {}),
        })),
      ],
    },
    [runs.map((_, index) => index), ...columns],
    place,
  );
}

export function clear(place: HTMLElement): void {
  place.replaceChildren();
}

/** Colours come from the style sheet, so that the charts follow light and dark mode. */
export function colours(place: HTMLElement): (name: string) => string {
  const style = getComputedStyle(place);
  return (name) => style.getPropertyValue(name).trim();
}
