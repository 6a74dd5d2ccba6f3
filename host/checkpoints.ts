/** The points of a shared cluster that a session can return to: its beginning, and where each browser starts for itself. */
import type { Mark } from '../guard/types.ts';
import { shellQuote } from '../model/shell-quote.ts';
import type { Environment } from './environment.ts';
import type { Point } from './progress.ts';

/** Time for background activity of the shell. */
const SHELL_MS = 5_000;

/** A point in the lab with the position in the journal and the shell's directory. */
export interface Checkpoint extends Point {
  readonly mark: Mark;
  readonly directory: string;
}

export class Checkpoints {
  beginning: Checkpoint | undefined;
  boundary: Checkpoint | undefined;

  /** Whether the entry of an exercise is a point to be recorded. @param firstOwn see `ExerciseOrder`. */
  wants(exercise: number, firstOwn: number): boolean {
    return (exercise === 0 && this.beginning === undefined) || (exercise === firstOwn && this.boundary === undefined);
  }

  /** Records the entry of an exercise; nothing where the cluster keeps no history. */
  async record({ cluster, terminal }: Environment, point: Point, firstOwn: number): Promise<void> {
    if (cluster.history === undefined) return;
    const directory = await terminal.expand('$PWD');
    const checkpoint = { ...point, mark: await cluster.history.mark(), directory };
    if (point.exercise === 0) this.beginning = checkpoint;
    if (point.exercise === firstOwn) this.boundary = checkpoint;
  }

  /**
   * The latest point to go back to in order to play `target`. Undefined if a new cluster is needed.
   * @param broken the exercise that failed, if any. @param anew nothing of what was played may remain.
   */
  before(target: number, broken: number | undefined, anew: boolean): Checkpoint | undefined {
    const own = this.boundary !== undefined && target >= this.boundary.exercise && !anew;
    const earlier = broken !== undefined && broken < (this.boundary?.exercise ?? 0);
    return own && !earlier ? this.boundary : this.beginning;
  }

  /** True if nothing that was played is left once the cluster is there. */
  isFresh(checkpoint: Checkpoint): boolean {
    return checkpoint === this.beginning && checkpoint !== this.boundary;
  }
}

/** Puts the shell back into the directory that it was in. */
export async function returnShell({ terminal }: Environment, { directory }: Checkpoint): Promise<void> {
  await terminal.run(`cd ${shellQuote(directory)}`, { timeoutMs: SHELL_MS });
}
