/**
 * Runs in the browser and draws the charts with uPlot. Only the text of these functions goes into the page, so they use nothing but
 * each other. Text is only ever set as text.
 */
/// <reference lib="dom" />
import type uPlot from 'uplot';
import { roundTimes, timeLabels, timeRange } from './client-axis.ts';
import type { Lab } from './client-lab.ts';
import { clear, colours, drawTape } from './client-tape.ts';
import type { ChartData, WaitData } from './data.ts';

type UPlot = typeof uPlot;
type Colour = ReturnType<typeof colours>;

/** Entry point: every lab of the page. */
export function start(Plot: UPlot): void {
  for (const root of document.querySelectorAll<HTMLElement>('[data-lab]')) {
    const data: ChartData = JSON.parse(root.querySelector('script[type="application/json"]')?.textContent ?? 'null');
    const lab = { data, root, shown: new Set(data.series.keys()) };
    const draw = () => drawAll(Plot, lab);
    bindLegend(lab, draw);
    root.querySelector('select')?.addEventListener('change', draw);
    draw();
    let width = root.clientWidth;
    new ResizeObserver(() => {
      if (root.clientWidth === width) return;
      width = root.clientWidth;
      draw();
    }).observe(root);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
  }
}

export function bindLegend(lab: Lab, draw: () => void): void {
  const buttons = [...lab.root.querySelectorAll<HTMLButtonElement>('button[data-series]')];
  for (const button of buttons) {
    button.addEventListener('click', () => {
      const index = Number(button.dataset['series']);
      // The first click selects a single series, since that is usually what people want.
      if (lab.shown.size === buttons.length) lab.shown.clear();
      if (!lab.shown.delete(index)) lab.shown.add(index);
      if (lab.shown.size === 0) for (const each of lab.data.series.keys()) lab.shown.add(each);
      for (const other of buttons) other.ariaPressed = String(lab.shown.has(Number(other.dataset['series'])));
      draw();
    });
  }
}

export function drawAll(Plot: UPlot, lab: Lab): void {
  for (const place of lab.root.querySelectorAll<HTMLElement>('[data-plot]')) {
    const [kind = '', id = ''] = (place.dataset['plot'] ?? '').split(' ');
    if (kind === 'tape') drawTape(Plot, lab, place, id);
    else if (kind === 'duration') drawDuration(Plot, lab, place);
    else drawWait(Plot, lab, place, id);
  }
}

export function drawDuration(Plot: UPlot, lab: Lab, place: HTMLElement): void {
  const { duration } = lab.data;
  drawLines(Plot, lab, place, {
    value: (run) => duration[run] ?? null,
    range: (_, least, most) => [least * 0.8, most * 1.25],
    // A cluster may take twenty times as long as a sandbox; both must be visible.
    log: true,
    label: (value) =>
      value >= 120 ? `${(value / 60).toFixed(value < 600 ? 1 : 0)} min` : `${Math.round(value * 10) / 10} s`,
    floor: undefined,
  });
}

/** @param id of the wait, or `chosen` for the one selected. */
export function drawWait(Plot: UPlot, lab: Lab, place: HTMLElement, id: string): void {
  const wanted = id === 'chosen' ? lab.root.querySelector('select')?.value : id;
  const wait: WaitData | undefined = lab.data.waits.find((each) => String(each.id) === wanted);
  if (wait === undefined) return;
  if (id === 'chosen') place.ariaLabel = `Time left of ${wait.deadline}: ${wait.name}`;
  drawLines(Plot, lab, place, {
    value: (run) => {
      const digits = wait.left.slice(2 * run, 2 * run + 2);
      return digits === '--' ? null : Number(digits);
    },
    range: () => [0, 100],
    log: false,
    label: (value) => `${value}%`,
    floor: 20,
  });
}

interface Lines {
  readonly value: (run: number) => number | null;
  readonly range: (self: uPlot, least: number, most: number) => [number, number];
  readonly label: (value: number) => string;
  readonly log: boolean;
  /** The background below it is shaded. */
  readonly floor: number | undefined;
}

export function drawLines(Plot: UPlot, lab: Lab, place: HTMLElement, lines: Lines): void {
  const { data } = lab;
  const runs = [...data.time.keys()].filter((run) => lab.shown.has(data.of[run] ?? 0) && lines.value(run) !== null);
  const shown = [...lab.shown].sort((a, b) => a - b);
  const columns = shown.map((series) => runs.map((run) => (data.of[run] === series ? lines.value(run) : undefined)));
  const colour = colours(place);
  const options: uPlot.Options = {
    width: Math.max(200, place.clientWidth),
    height: place.clientWidth < 480 ? 180 : Number(place.dataset['height'] ?? 240),
    tzDate: (seconds) => Plot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
    legend: { show: false },
    cursor: { y: false, points: { size: 8 } },
    // A new history is one point, or a few within an hour: show the whole day.
    scales: {
      x: { range: timeRange },
      y: { range: lines.range, ...(lines.log ? { distr: 3 as const, log: 2 as const } : {}) },
    },
    axes: axesOf(lines, colour),
    series: [{}, ...seriesOf(lab, place, shown, { showPoints: runs.length < 40 * shown.length, colour })],
    hooks: {
      drawClear: [(self) => shadeFloor(self, lines.floor, colour('--danger'))],
      setCursor: [(self) => readOut(lab, place, lines, runs[self.cursor.idx ?? -1])],
    },
  };
  clear(place);
  const plot = new Plot(options, [runs.map((run) => data.time[run] ?? 0), ...columns], place);
  place.onkeydown = (event) => step(plot, runs.length, event);
  bindSteppers(place, plot, runs.length);
  readOut(lab, place, lines, runs.at(-1));
}

function axesOf(lines: Lines, colour: Colour): uPlot.Axis[] {
  const axis = {
    stroke: colour('--quiet'),
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { show: false },
    font: '12px system-ui, sans-serif',
  };
  return [
    { ...axis, space: 80, values: (_, splits, __, ___, between) => timeLabels(splits, between) },
    {
      ...axis,
      size: 58,
      values: (_, splits) => splits.map((split) => (split === null ? '' : lines.label(split))),
      ...(lines.log ? { splits: (_, __, least, most) => roundTimes(least, most) } : {}),
    },
  ];
}

function seriesOf(
  lab: Lab,
  place: HTMLElement,
  shown: readonly number[],
  { showPoints, colour }: { readonly showPoints: boolean; readonly colour: Colour },
): uPlot.Series[] {
  const hot = (place.dataset['hot'] ?? '').split(' ').filter(Boolean).map(Number);
  const someHot = hot.some((each) => lab.shown.has(each));
  return shown.map((series) => ({
    stroke: colour(`--s${series % 8}`),
    width: 1.5,
    spanGaps: true,
    // Waits close to their deadline are drawn in front.
    ...(someHot ? (hot.includes(series) ? { width: 2.5 } : { alpha: 0.45 }) : {}),
    points: { show: showPoints, size: 5, fill: colour('--paper') },
    ...(series >= 8 ? { dash: [5, 3] } : {}),
  }));
}

/** The range in which a wait is about to time out. */
export function shadeFloor(plot: uPlot, floor: number | undefined, fill: string): void {
  if (floor === undefined) return;
  const top = plot.valToPos(floor, 'y', true);
  plot.ctx.fillStyle = fill;
  plot.ctx.fillRect(plot.bbox.left, top, plot.bbox.width, plot.bbox.top + plot.bbox.height - top);
}

/** Describes the point under the cursor in words; a live region, so that screen readers announce it. */
export function readOut(lab: Lab, place: HTMLElement, lines: Lines, run: number | undefined): void {
  const output = place.parentElement?.querySelector('output');
  if (output === null || output === undefined || run === undefined) return;
  const { data } = lab;
  const words = { c: 'certified', p: 'passed in part', f: 'not certified', n: 'not judged' };
  const letter = data.verdict[run];
  const verdict = letter === 'c' || letter === 'p' || letter === 'f' ? words[letter] : words.n;
  const when = new Date((data.time[run] ?? 0) * 1000).toISOString().slice(0, 16).replace('T', ' ');
  const value = lines.value(run);
  output.textContent = `${when} UTC · ${data.series[data.of[run] ?? 0]} · ${value === null ? 'none' : lines.label(value)} · ${verdict} · ${data.notes[data.note[run] ?? 0]}`;
}

/** Left and right from run to run, Home and End. */
export function step(plot: uPlot, count: number, event: KeyboardEvent): void {
  const at = plot.cursor.idx ?? count;
  const moves: Record<string, number> = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: count - 1 };
  const to = moves[event.key];
  if (to === undefined) return;
  event.preventDefault();
  moveTo(plot, count, to);
}

export function moveTo(plot: uPlot, count: number, to: number): void {
  const index = Math.min(count - 1, Math.max(0, to));
  const time = plot.data[0][index];
  if (time !== undefined) plot.setCursor({ left: plot.valToPos(time, 'x'), top: 10 });
}

/** Buttons beside the text: for touch, and for screen readers that use the arrow keys themselves. */
export function bindSteppers(place: HTMLElement, plot: uPlot, count: number): void {
  for (const button of place.parentElement?.querySelectorAll<HTMLButtonElement>('button[data-step]') ?? []) {
    button.onclick = () => moveTo(plot, count, (plot.cursor.idx ?? count) + Number(button.dataset['step']));
  }
}

/** All functions as the page's script: calls `start` with the library's global. */
export const CLIENT = [
  ...[
    start,
    bindLegend,
    drawAll,
    drawDuration,
    drawWait,
    drawLines,
    timeLabels,
    timeRange,
    roundTimes,
    shadeFloor,
    readOut,
    step,
    moveTo,
  ],
  ...[axesOf, seriesOf, bindSteppers, drawTape, clear, colours],
]
  .map(String)
  .concat('start(uPlot);')
  .join('\n');
