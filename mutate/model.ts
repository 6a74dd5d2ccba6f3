/** Mutants and their results. */
import type { Failure } from '../model/evidence.ts';
import type { BrowserName, Position } from '../model/lab.ts';

/** A replacement of text in one file of the lab. */
export interface TextEdit {
  /** Absolute path. */
  readonly file: string;
  readonly start: Position;
  /** Exclusive. */
  readonly end: Position;
  /** The same range as offsets. */
  readonly from: number;
  readonly to: number;
  readonly replacement: string;
}

/** One deliberate mistake. */
export interface Mutant {
  /** Stable while operator, file and position stay the same: `routing/weights-swapped:virtualservice-80-20.yaml:12`. */
  readonly id: string;
  /** `group/name`. */
  readonly operator: string;
  /** A phrase that describes the mistake. */
  readonly description: string;
  readonly edit: TextEdit;
  /** Number of the section in which it takes effect. */
  readonly section: number;
  /** Ordinal, over all exercises of the lab, of the first exercise that the mistake can affect. */
  readonly entry: number;
  /** Ordinal of the last exercise with a step that reads what was changed. */
  readonly last: number;
  /** Names that appear in the step that kills it, or in its message, if it is killed for the right reason. */
  readonly about: readonly string[];
  /** The check that would catch it, shown for a survivor. */
  readonly missing: string;
  /** A browser that claims to be another. */
  readonly disguise?: BrowserName;
}

export type Status =
  /** A step of the lab failed. */
  | 'killed'
  /** A step took many times longer than without the mistake. */
  | 'timeout'
  /** Every step passed although the cluster's state differed. */
  | 'survived'
  /** Every step passed and the cluster's state was the same: the mistake makes no difference. */
  | 'equivalent'
  /** It could not be played, because the lab did not get to the exercise. */
  | 'blocked';

export interface Killer {
  readonly section: number;
  readonly exercise: string;
  readonly step: string;
  readonly verb: string;
  readonly at: Position;
}

/** A kill is for the right reason if both fields are set. */
export interface KillReason {
  /** What connects the step to the mistake: a name that appears in it, or its section. */
  readonly step?: string;
  /** The name from the mistake that the message contains. */
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
  /** For a kill: the evidence that the step failed because of the mistake. */
  readonly kill?: KillReason;
  /** For a survivor, the missing check; otherwise the reason. */
  readonly reason?: string;
  /** Kept from an earlier run, because nothing that it depends on has changed. */
  readonly kept?: boolean;
}
