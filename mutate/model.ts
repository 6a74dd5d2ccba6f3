/** What a mutant is, and what became of it. */
import type { Failure } from '../model/evidence.ts';
import type { BrowserName, Position } from '../model/lab.ts';

/** Text put in the place of other text in one file of the lab. */
export interface TextEdit {
  /** Absolute path. */
  readonly file: string;
  readonly start: Position;
  /** Exclusive. */
  readonly end: Position;
  /** Offsets of the same two places. */
  readonly from: number;
  readonly to: number;
  readonly replacement: string;
}

/** One deliberate mistake. */
export interface Mutant {
  /** The same as long as operator, file and place are: `routing/weights-swapped:virtualservice-80-20.yaml:12`. */
  readonly id: string;
  /** `group/name`. */
  readonly operator: string;
  /** One sentence for people. */
  readonly description: string;
  readonly edit: TextEdit;
  /** Number of the section in which it begins to matter. */
  readonly section: number;
  /** Counted over all exercises of the lab: the first one that the mistake can make a difference to. */
  readonly entry: number;
  /** Of the last exercise with a step that reads what was changed. */
  readonly last: number;
  /** Names that the step which kills it is about, or that its message says, when it is killed for the right reason. */
  readonly about: readonly string[];
  /** The check that would catch it, for a survivor. */
  readonly missing: string;
  /** A browser that takes itself for another. */
  readonly disguise?: BrowserName;
}

export type Status =
  /** A step of the lab failed. */
  | 'killed'
  /** A step did not end within the time that it takes without the mistake, many times over. */
  | 'timeout'
  /** Every step held, and the cluster was not the same. */
  | 'survived'
  /** Every step held, and so did the cluster: the mistake makes no difference. */
  | 'equivalent'
  /** It could not be played: the lab was not even at the exercise. */
  | 'blocked';

export interface Killer {
  readonly section: number;
  readonly exercise: string;
  readonly step: string;
  readonly verb: string;
  readonly at: Position;
}

/** A kill is for the right reason when both are there. */
export interface KillReason {
  /** What makes the killing step belong to the mistake: a name that stands in it, or its section. */
  readonly step?: string;
  /** What of the mistake its message names. */
  readonly message?: string;
}

export function isRight({ step, message }: KillReason): boolean {
  return step !== undefined && message !== undefined;
}

export interface Result {
  readonly mutant: Mutant;
  readonly status: Status;
  readonly durationMs: number;
  /** The step that failed. */
  readonly killer?: Killer;
  readonly failure?: Failure;
  /** Of a kill: why the step is believed to have failed because of the mistake. */
  readonly kill?: KillReason;
  /** Of a survivor the check that is missing; of others why. */
  readonly reason?: string;
  /** From an earlier run: nothing that it depends on has changed. */
  readonly kept?: boolean;
}
