/** Input and results of a session. */
import type { ConsoleEvidence, ConsoleOrder } from '../model/console.ts';
import type { Failure, Observation, StepEvidence } from '../model/evidence.ts';
import type { Drift, Release } from '../model/lab.ts';
import type { ClusterChoice } from './process/choice.ts';
import type { ControlPlaneName } from './process/control-plane.ts';

type Told = 'observations' | 'failure' | 'playedFor' | 'restsOn' | 'assumed' | 'withoutEffect' | 'console';

/** What the evidence of a step says, apart from where and when it was played. */
export interface StepOutcome extends Pick<StepEvidence, Told> {
  /** Drift declared for the step on this release; a failure that it announces does not count against the lab. */
  readonly drift?: Drift;
}

/** What a browser has done in the web console for a step, before the host judges it. */
export interface Clicks {
  readonly console: ConsoleEvidence;
  readonly observations: readonly Observation[];
  /** It could not be clicked in the console. */
  readonly failure?: Failure;
}

/** What a browser is to click for a step, why it can't, or that there is nothing to click. */
export type ClickRequest = ConsoleOrder | { readonly why: string } | { readonly nothing: true };

export type Entry =
  | { readonly state: 'ready'; readonly replayed: number }
  | { readonly state: 'blocked'; readonly by: string; readonly failure: Failure }
  /** The lab has changed since the client read it; nothing was played. */
  | { readonly state: 'edited'; readonly failure: Failure };

export interface SessionOptions {
  readonly name: string;
  readonly release: Release;
  /** Private; the session creates and removes it. */
  readonly directory: string;
  readonly cluster?: ClusterChoice;
  readonly controlPlane?: ControlPlaneName;
  /** A sandbox behind the guard, whose ledger returns it to a bookmark. */
  readonly rewindable?: boolean;
}
