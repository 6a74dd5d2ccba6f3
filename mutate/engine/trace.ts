/** Records the states of the lab without a mistake, and compares a play with a mistake against them. */

/** @returns one line per object. */
export type Look = () => Promise<readonly string[]>;

/** The exercise, or the acting step, that has just ended. */
export interface Moment {
  readonly exercise: number;
  /** The step's YAML; absent at the end of the exercise. */
  readonly step?: string;
}

export class Trace {
  readonly #states = new Map<string, readonly string[]>();

  readonly #shells = new Map<number, readonly string[]>();

  async note(moment: Moment, look: Look): Promise<void> {
    this.#states.set(keyOf(moment), await look());
  }

  /** Records the shell's state at the end of an exercise. */
  noteShell(exercise: number, lines: readonly string[]): void {
    this.#shells.set(exercise, lines);
  }

  /** @param changed path of the file with the mistake, as in the lines; its content is not compared. */
  isSameShell(exercise: number, lines: readonly string[], changed: string): boolean {
    const known = this.#shells.get(exercise);
    const others = (all: readonly string[]): string => all.filter((line) => !line.endsWith(changed)).join('\n');
    return known !== undefined && others(known) === others(lines);
  }

  /** @param steps compares after each step instead of after each exercise. */
  comparison(steps: boolean): Comparison {
    return new Comparison(this.#states, steps);
  }
}

export class Comparison {
  readonly #states: ReadonlyMap<string, readonly string[]>;
  readonly #steps: boolean;
  #seen = 0;
  #difference: string | undefined;

  constructor(states: ReadonlyMap<string, readonly string[]>, steps: boolean) {
    this.#states = states;
    this.#steps = steps;
  }

  /** Stops looking after the first difference. */
  async note(moment: Moment, look: Look): Promise<void> {
    if (this.#difference !== undefined || (moment.step !== undefined && !this.#steps)) return;
    const known = this.#states.get(keyOf(moment));
    this.#seen += 1;
    // A state that can't be read counts as different, so that it never makes a mistake look harmless.
    const seen = await look().catch(() => undefined);
    this.#difference = known === undefined || seen === undefined ? 'it could not be seen' : differenceOf(known, seen);
  }

  /** A description of the first object that differed. */
  get difference(): string | undefined {
    return this.#difference;
  }

  /** True if states were compared and none differed. */
  get isSame(): boolean {
    return this.#seen > 0 && this.#difference === undefined;
  }
}

function keyOf({ exercise, step }: Moment): string {
  return `${exercise} ${step ?? ''}`;
}

/** @returns the first object that differs. */
function differenceOf(known: readonly string[], seen: readonly string[]): string | undefined {
  const [before, now] = [new Set(known), new Set(seen)];
  const gone = known.find((line) => !now.has(line));
  const added = seen.find((line) => !before.has(line));
  if (gone === undefined && added === undefined) return undefined;
  if (gone === undefined) return `only with the mistake: ${shortened(added)}`;
  return added === undefined
    ? `only without the mistake: ${shortened(gone)}`
    : `${shortened(added)} instead of ${shortened(gone)}`;
}

function shortened(line = ''): string {
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}
