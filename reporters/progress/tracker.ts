/** The current section, exercise and step of each browser, and since when. */
import { formatDuration } from '../../model/duration.ts';

export interface Running {
  readonly section: string;
  readonly exercise: string;
  readonly since: number;
  readonly step?: { readonly title: string; readonly since: number };
}

interface Lane {
  readonly label: string;
  readonly total: number;
  done: number;
  running?: Running | undefined;
}

export class Tracker {
  readonly #lanes = new Map<string, Lane>();

  add(project: string, label: string): void {
    const lane = this.#lanes.get(project);
    this.#lanes.set(project, { label, done: 0, total: (lane?.total ?? 0) + 1 });
  }

  begin(project: string, section: string, exercise: string): void {
    const lane = this.#lanes.get(project);
    if (lane !== undefined) lane.running = { section, exercise, since: Date.now() };
  }

  step(project: string, title: string): void {
    const lane = this.#lanes.get(project);
    if (lane?.running === undefined) return;
    const { section, exercise, since } = lane.running;
    lane.running = { section, exercise, since, step: { title, since: Date.now() } };
  }

  end(project: string): void {
    const lane = this.#lanes.get(project);
    if (lane === undefined) return;
    lane.done += 1;
    lane.running = undefined;
  }

  /** One line per browser. */
  lines(now: number): string[] {
    const wide = Math.max(...[...this.#lanes.values()].map((lane) => lane.label.length));
    return [...this.#lanes.values()].map((lane) => {
      const head = `${lane.label.padEnd(wide)}  ${String(lane.done).padStart(String(lane.total).length)}/${lane.total}`;
      const { running } = lane;
      if (running === undefined) return `${head}  ${lane.done === lane.total ? 'finished' : 'waiting'}`;
      const since = formatDuration(Math.max(0, now - (running.step?.since ?? running.since)));
      const step = running.step === undefined ? 'preparing' : running.step.title.replaceAll('\n', ' ');
      return `${head}  ${since.padStart(7)}  ${running.section}: ${step}`;
    });
  }

  /** Steps that have been running for at least `atLeastMs`. */
  long(now: number, atLeastMs: number): { key: string; text: string }[] {
    return [...this.#lanes.values()].flatMap((lane) => {
      const { running } = lane;
      const since = running?.step?.since ?? running?.since ?? now;
      if (running === undefined || now - since < atLeastMs) return [];
      const what = running.step?.title.replaceAll('\n', ' ') ?? 'preparing';
      return [
        {
          key: `${lane.label} ${since}`,
          text: `… ${lane.label}  ${running.section} › ${running.exercise}: ${what} (${formatDuration(now - since)} so far)`,
        },
      ];
    });
  }
}
