/** The states that the lab goes through without a mistake, and whether a play with one goes through the same. */

export type Look = () => Promise<string>;

/** What has just ended: an exercise, or a step that acts. */
export interface Moment {
  readonly exercise: number;
  /** The step's YAML; absent at the end of the exercise. */
  readonly step?: string;
}

export class Trace {
  readonly #states = new Map<string, string>();

  readonly #shells = new Map<number, readonly string[]>();

  async note(moment: Moment, look: Look): Promise<void> {
    this.#states.set(keyOf(moment), await look());
  }

  /** Notes what the shell holds at the end of an exercise. */
  noteShell(exercise: number, lines: readonly string[]): void {
    this.#shells.set(exercise, lines);
  }

  /** @param changed path of the file with the mistake, as the lines name it; what it says differs. */
  isSameShell(exercise: number, lines: readonly string[], changed: string): boolean {
    const known = this.#shells.get(exercise);
    const others = (all: readonly string[]): string => all.filter((line) => !line.endsWith(changed)).join('\n');
    return known !== undefined && others(known) === others(lines);
  }

  /** @param steps whether each step must leave the same; else only each exercise. */
  comparison(steps: boolean): Comparison {
    return new Comparison(this.#states, steps);
  }
}

export class Comparison {
  readonly #states: ReadonlyMap<string, string>;
  readonly #steps: boolean;
  #seen = 0;
  #differs = false;

  constructor(states: ReadonlyMap<string, string>, steps: boolean) {
    this.#states = states;
    this.#steps = steps;
  }

  /** Looks only as long as nothing has differed. */
  async note(moment: Moment, look: Look): Promise<void> {
    if (this.#differs || (moment.step !== undefined && !this.#steps)) return;
    const known = this.#states.get(keyOf(moment));
    this.#seen += 1;
    // What can't be seen counts as another state: it never makes a mistake harmless.
    if (known === undefined || known !== (await look().catch(() => undefined))) this.#differs = true;
  }

  /** True when it was looked at, and never differed. */
  get isSame(): boolean {
    return this.#seen > 0 && !this.#differs;
  }
}

function keyOf({ exercise, step }: Moment): string {
  return `${exercise} ${step ?? ''}`;
}
