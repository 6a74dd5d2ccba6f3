/**
 * What a verb is: everything the rest of the project asks of one, in one definition. A verb's file holds its step's type,
 * how it is read from YAML, how it is played and what it needs; `verbs.ts` lists the verbs.
 */
import type { Reading } from '../language/reading.ts';
import type { RawStep } from '../language/schema.generated.ts';
import type { Path } from '../language/yaml-document.ts';
import type { Drift, Step } from '../model/lab.ts';
import type { BrowserContext, ClusterContext } from './context.ts';
import { timed } from './wait.ts';

/** Catch-up plays what acts and what waits; the rest only looks. */
export type Nature = 'acts' | 'waits' | 'observes';

/** One permission, as a SelfSubjectAccessReview asks for it. */
export interface Access {
  readonly verb: string;
  /** Empty for the core group. */
  readonly group: string;
  readonly resource: string;
  readonly namespace?: string;
}

/** The step as the section's schema lets it be written. */
export type RawOf<Name extends string> = Extract<RawStep, { readonly [key in Name]: unknown }>;

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
  /** @param path where the step stands. */
  readonly read: (raw: RawOf<S['verb']>, path: Path, reading: Reading) => S;
  /**
   * Fields in which `${…}` is not ours: `shell` leaves it to the lab's shell, `release` fills in figures of the release
   * and nothing else. In all other fields every variable is filled in before the step is played.
   */
  readonly variables?: Readonly<Partial<Record<keyof S, 'shell' | 'release'>>>;
  /** The step as it is played where a drift holds; with the drift's deadline when absent. */
  readonly drifted?: (step: S, drift: Drift) => S;
  /** Set where the deadline begins later than the step; the verb then observes its own wait. */
  readonly timesItself?: true;
  /** What the user must be allowed to do, as far as it is known before there is a cluster. */
  readonly access?: (step: S) => readonly Access[];
};

/** A verb of any step: each method answers for its own steps and throws for those of another verb. */
export interface Verb<S extends Step = Step> {
  readonly name: string;
  readonly nature: Nature;
  readonly needsBrowser: boolean;
  readonly variables: Readonly<Record<string, 'shell' | 'release'>>;
  owns(step: Step): step is S;
  /** @returns undefined when the step is written with another verb. */
  read(raw: RawStep, path: Path, reading: Reading): S | undefined;
  drifted(step: Step, drift: Drift): S;
  access(step: Step): readonly Access[];
  /** @throws {StepFailure} when the step does not hold. */
  onCluster(step: Step, context: ClusterContext): Promise<void>;
  /** @throws {StepFailure} when the step does not hold. */
  inBrowser(step: Step, context: BrowserContext): Promise<void>;
}

export function defineVerb<S extends Step>(definition: VerbDefinition<S>): Verb<S> {
  const { name, nature, variables = {}, timesItself = false, access, onCluster, inBrowser } = definition;
  const owns = (step: Step): step is S => step.verb === name;
  const isWritten = (raw: RawStep): raw is RawOf<S['verb']> => Object.hasOwn(raw, name);
  const own = (step: Step): S => {
    if (owns(step)) return step;
    throw new Error(`${step.verb} is no step of the verb ${name}`);
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
      await measured(step, context, () => onCluster(own(step), context));
    },
    inBrowser: async (step, context) => {
      if (inBrowser === undefined) throw new Error(`${name} is played on the cluster`);
      await measured(step, context, () => inBrowser(own(step), context));
    },
  };
}

function withDeadlineOf<S extends Step>(step: S, { within }: Drift): S {
  return within === undefined ? step : { ...step, within };
}
