/** What a session plays on, and what a provider of clusters is given. `sandbox-provider.ts` and `openshift-provider.ts` are the two. */
import type { Mark } from '../guard/types.ts';
import type { Observation } from '../model/evidence.ts';
import type { Lab } from '../model/lab.ts';
import type { Sandbox } from '../sandbox/index.ts';
import type { ClusterChoice } from './process/choice.ts';
import type { ControlPlaneName } from './process/control-plane.ts';

/** Makes a cluster ready for a lab. @throws when it does not come up. */
export type ClusterProvider<Options extends ProviderOptions = ProviderOptions> = (
  lab: Lab,
  options: Options,
) => Promise<ProvidedCluster>;

export interface ProviderOptions {
  readonly name: string;
  /** Private directory of the session. */
  readonly directory: string;
  readonly release: string;
  /** The session's earlier cluster, whose addresses the new one takes over. */
  readonly before: ProvidedCluster | undefined;
  readonly controlPlane?: ControlPlaneName;
  /** A sandbox that keeps its history. */
  readonly rewindable?: boolean;
  /** A real cluster. Without one the lab gets a sandbox. */
  readonly cluster?: ClusterChoice;
}

export interface ProvidedCluster {
  readonly kind: 'sandbox' | 'openshift';
  /** What the lab's terminal logs in to. */
  readonly server: string;
  /** What reports call the cluster, where that is another address. */
  readonly address?: string;
  /** For `steps/`: the kubeconfig with the credentials of this run. */
  readonly kubeconfig: string;
  readonly context?: string;
  /** HTTP proxy for browsers and shells, where Routes are reachable only through one. */
  readonly proxy?: string;
  /** What `oc login` in the lab is given. */
  readonly login: { readonly token: string; readonly certificateAuthority?: string };
  /** What is taken out of everything that the host answers; the token of the login is among them. */
  readonly secrets: readonly string[];
  /** Environment of the lab's terminal. */
  readonly env: Readonly<Record<string, string>>;
  readonly sandbox?: Sandbox;
  /** Programs of the real control plane that a sandbox runs on. */
  readonly realParts?: readonly string[];
  /** Rejects, with a message for the person, when the cluster ends by itself. Else stays pending. */
  readonly lost?: Promise<never>;
  /** Asked when a step has failed. @throws {ClusterError} when the cluster does not answer any more. */
  check?(): Promise<void>;
  /** A cluster that several browsers share, and that can be put back to a moment of the run. */
  readonly history?: {
    mark(): Promise<Mark>;
    /** @throws when something could not be put back. */
    rewind(mark: Mark): Promise<void>;
    /** Begins to record calls of the API. @returns a function that tells what they did so far, if it is worth telling. */
    watch(): () => Observation | undefined;
  };
  stop(): Promise<void>;
}
