/**
 * The cluster of a session, and the input of a cluster provider. `sandbox-provider.ts` and `openshift-provider.ts` are the two
 * providers.
 */
import type { ExpectedObject, Mark } from '../guard/types.ts';
import type { Observation } from '../model/evidence.ts';
import type { Lab } from '../model/lab.ts';
import type { Sandbox } from '../sandbox/index.ts';
import type { ClusterChoice } from './process/choice.ts';
import type { ControlPlaneName } from './process/control-plane.ts';

/** Starts or opens a cluster for a lab. @throws if that fails. */
export type ClusterProvider<Options extends ProviderOptions = ProviderOptions> = (
  lab: Lab,
  options: Options,
) => Promise<ProvidedCluster>;

export interface ProviderOptions {
  readonly name: string;
  /** Private directory of the session. */
  readonly directory: string;
  readonly release: string;
  /** The session's earlier cluster, whose addresses the new one reuses. */
  readonly before: ProvidedCluster | undefined;
  readonly controlPlane?: ControlPlaneName;
  /** A sandbox that keeps its history. */
  readonly rewindable?: boolean;
  /** A real cluster. Without it the lab gets a sandbox. */
  readonly cluster?: ClusterChoice;
}

export interface ProvidedCluster {
  readonly kind: 'sandbox' | 'openshift';
  /** What the lab's terminal logs in to. */
  readonly server: string;
  /** The address that reports show, if it differs. */
  readonly address?: string;
  /** For `steps/`: the kubeconfig with the credentials of this run. */
  readonly kubeconfig: string;
  readonly context?: string;
  /** HTTP proxy for browsers and shells, if Routes are reachable only through one. */
  readonly proxy?: string;
  /** The credentials for `oc login` in the lab. */
  readonly login: { readonly token: string; readonly certificateAuthority?: string };
  /** Values removed from everything that the host answers; the login's token is among them. */
  readonly secrets: readonly string[];
  /** Environment of the lab's terminal. */
  readonly env: Readonly<Record<string, string>>;
  readonly sandbox?: Sandbox;
  /** The web console: its address without a slash at the end, or why browsers don't click there. */
  readonly console: { readonly address: string } | { readonly why: string };
  /** Programs of the real control plane that a sandbox runs on. */
  readonly realParts?: readonly string[];
  /** Rejects, with a message for the user, if the cluster ends unexpectedly. Otherwise stays pending. */
  readonly lost?: Promise<never>;
  /** Called when a step has failed. @throws {ClusterError} if the cluster no longer answers. */
  check?(): Promise<void>;
  /** For a cluster that several browsers share, and that can be returned to an earlier point of the run. */
  readonly history?: {
    mark(): Promise<Mark>;
    /** @throws if something could not be restored. */
    rewind(mark: Mark): Promise<void>;
    /** Notes what a browser is about to create in the web console. @returns a function to call when that is over. */
    announce(expected: readonly ExpectedObject[]): Promise<() => Promise<void>>;
    /** Starts recording API calls. @returns a function that reports what they did so far, if anything. */
    watch(): () => Observation | undefined;
  };
  stop(): Promise<void>;
}
