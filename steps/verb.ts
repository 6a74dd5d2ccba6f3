/**
 * The interface of a verb: everything the rest of the project needs, in one definition. A verb's file contains its step's type, how
 * it is parsed from YAML, how it is played and what it needs; `verbs.ts` lists the verbs.
 */
import type { Reading } from '../language/reading.ts';
import type { RawStep } from '../language/schema.generated.ts';
import type { Path } from '../language/yaml-document.ts';
import type { ConsoleTask } from '../model/console.ts';
import type { Drift, Step } from '../model/lab.ts';
import type { BrowserContext, ClusterContext } from './context.ts';
import { playAtPace } from './pace.ts';
import { timed } from './wait.ts';

/** Catch-up plays the verbs that act or wait; the others only look. */
export type Nature = 'acts' | 'waits' | 'observes';

/** One permission, as a SelfSubjectAccessReview asks for it. */
export interface Access {
  readonly verb: string;
  /** Empty for the core group. */
  readonly group: string;
  readonly resource: string;
  readonly namespace?: string;
}

/** The step in the form that the section's schema allows. */
export type RawOf<Name extends string> = Extract<RawStep, { readonly [key in Name]: unknown }>;

/** How a browser does the step in the web console, in place of `onCluster`. */
export interface InConsole<S extends Step> {
  /** The clicks, with names as the console shows them; or why the step can't be clicked on this cluster as it is. */
  readonly tasks: (step: S, context: ClusterContext) => Promise<ConsoleTasks>;
  /** Changes nothing: judges what the clicks came to, as `onCluster` judges its own changes. */
  readonly judge: (step: S, context: ClusterContext) => Promise<void>;
}

export type ConsoleTasks = { readonly tasks: readonly ConsoleTask[] } | { readonly why: string };

type Play<S extends Step> =
  | {
      readonly onCluster: (step: S, context: ClusterContext) => Promise<void>;
      readonly inBrowser?: never;
    }
  | {
      readonly inBrowser: (step: S, context: BrowserContext) => Promise<void>;
      readonly onCluster?: never;
    };

export type VerbDefinition<S extends Step> = Play<S> & {
  readonly name: S['verb'];
  readonly nature: Nature;
  /** @param path position of the step. */
  readonly read: (raw: RawOf<S['verb']>, path: Path, reading: Reading) => S;
  /**
   * Fields in which `${…}` is left alone: `shell` leaves it to the lab's shell, `release` replaces only values of the release. In
   * all other fields every variable is replaced before the step is played.
   */
  readonly variables?: Readonly<Partial<Record<keyof S, 'shell' | 'release'>>>;
  /** The step as it is played if a drift applies; with the drift's deadline if absent. */
  readonly drifted?: (step: S, drift: Drift) => S;
  /** For a verb that may have `console:`. */
  readonly inConsole?: InConsole<S>;
  /** Set if the deadline begins later than the step; the verb then observes its own wait. */
  readonly timesItself?: true;
  /** The permissions that the user needs, as far as they are known without a cluster. */
  readonly access?: (step: S) => readonly Access[];
};

/** A verb for any step: each method handles its own steps and throws for those of another verb. */
export interface Verb<S extends Step = Step> {
  readonly name: string;
  readonly nature: Nature;
  readonly needsBrowser: boolean;
  readonly variables: Readonly<Record<string, 'shell' | 'release'>>;
  owns(step: Step): step is S;
  /** @returns undefined if the step has another verb. */
  read(raw: RawStep, path: Path, reading: Reading): S | undefined;
  drifted(step: Step, drift: Drift): S;
  access(step: Step): readonly Access[];
  /** @throws {StepFailure} if the step fails. */
  onCluster(step: Step, context: ClusterContext): Promise<void>;
  /** @throws {StepFailure} if the step fails. */
  inBrowser(step: Step, context: BrowserContext): Promise<void>;
  /** @throws {StepFailure} if what they need can't be looked up. */
  consoleTasks(step: Step, context: ClusterContext): Promise<ConsoleTasks>;
  /** Judges a step that was clicked in the console. @throws {StepFailure} if it came to something else. */
  judgeClicks(step: Step, context: ClusterContext): Promise<void>;
}

export function defineVerb<S extends Step>(definition: VerbDefinition<S>): Verb<S> {
  const { name, nature, variables = {}, timesItself = false, access, onCluster, inBrowser, inConsole } = definition;
  const owns = (step: Step): step is S => step.verb === name;
  const isWritten = (raw: RawStep): raw is RawOf<S['verb']> => Object.hasOwn(raw, name);
  const own = (step: Step): S => {
    if (owns(step)) return step;
    throw new Error(`${step.verb} is not a step of the verb ${name}`);
  };
  const drifted = definition.drifted ?? withDeadlineOf;
  const measured: typeof timed = (step, context, play) => (timesItself ? play() : timed(step, context, play));
  return {
    name,
    nature,
    needsBrowser: inBrowser !== undefined,
    variables,
    owns,
    read: (raw, path, reading) => (isWritten(raw) ? definition.read(raw, path, reading) : undefined),
    drifted: (step, drift) => drifted(own(step), drift),
    access: (step) => access?.(own(step)) ?? [],
    onCluster: async (step, context) => {
      if (onCluster === undefined) throw new Error(`${name} is played in the browser`);
      await playAtPace(own(step), (played) => measured(played, context, () => onCluster(played, context)));
    },
    inBrowser: async (step, context) => {
      if (inBrowser === undefined) throw new Error(`${name} is played on the cluster`);
      await playAtPace(own(step), (played) => measured(played, context, () => inBrowser(played, context)));
    },
    consoleTasks: async (step, context) => {
      if (inConsole === undefined) throw new Error(`${name} can't be clicked in the console`);
      return inConsole.tasks(own(step), context);
    },
    judgeClicks: async (step, context) => {
      if (inConsole === undefined) throw new Error(`${name} can't be clicked in the console`);
      await playAtPace(own(step), (played) => measured(played, context, () => inConsole.judge(played, context)));
    },
  };
}

function withDeadlineOf<S extends Step>(step: S, { within }: Drift): S {
  return within === undefined ? step : { ...step, within };
}
