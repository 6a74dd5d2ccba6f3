/** The cluster a stage plays on: an OpenShift named by a kubeconfig, or a sandbox of its own. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Mark } from '../guard/types.ts';
import type { Observation } from '../model/evidence.ts';
import type { Lab } from '../model/lab.ts';
import { type ControlPlane, findIstiod, type Sandbox, SandboxError, startSandbox } from '../sandbox/index.ts';
import { openshiftTarget } from './openshift-provider.ts';
import type { ClusterChoice } from './process/choice.ts';
import type { ControlPlaneName } from './process/control-plane.ts';
import { serveRepositories } from './repositories.ts';

export interface Target {
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
  /** Environment of the lab's terminal. */
  readonly env: Readonly<Record<string, string>>;
  readonly sandbox?: Sandbox;
  /** Programs of the real control plane that a sandbox runs on. */
  readonly realParts?: readonly string[];
  /** Rejects, with a message for the person, when the cluster ends by itself; else stays pending. */
  readonly lost?: Promise<never>;
  /** Asked when a step has failed. @throws {ClusterError} when the cluster does not answer any more. */
  check?(): Promise<void>;
  /** A cluster that several browsers share, and that can be put back to a moment of the run. */
  readonly history?: {
    mark(): Promise<Mark>;
    /** @throws when something could not be put back. */
    rewind(mark: Mark): Promise<void>;
    /** Begins to look at what goes through the API. @returns what tells what that was so far, if it is worth telling. */
    watch(): () => Observation | undefined;
  };
  stop(): Promise<void>;
}

export interface SandboxTargetOptions {
  readonly name: string;
  /** Private directory of the stage. */
  readonly directory: string;
  readonly release: string;
  /** The target whose place this one takes. */
  readonly before: Target | undefined;
  readonly controlPlane?: ControlPlaneName;
}

/** A real cluster, where one is chosen, or else a sandbox. */
export interface TargetOptions extends SandboxTargetOptions {
  readonly cluster?: ClusterChoice;
}

export function openTarget(lab: Lab, options: TargetOptions): Promise<Target> {
  const { cluster, directory } = options;
  return cluster === undefined ? sandboxTarget(lab, options) : openshiftTarget(lab, cluster, directory);
}

async function sandboxTarget(lab: Lab, options: SandboxTargetOptions): Promise<Target> {
  const controlPlane = controlPlaneOf(options.controlPlane ?? 'ours');
  const starting = startSandbox({
    name: options.name,
    images: existsSync(lab.images) ? [lab.images] : [],
    controlPlane,
    ...(options.before?.sandbox === undefined ? {} : { inPlaceOf: options.before.sandbox }),
    ...(lab.releases.length === 0 ? {} : { release: options.release }),
  });
  const serving = serveRepositories(lab.repositories, join(options.directory, 'git'));
  const [started, served] = await Promise.allSettled([starting, serving]);
  // A sandbox that nobody will play on must not stay.
  if (served.status === 'rejected' && started.status === 'fulfilled') await started.value.stop();
  const [sandbox, git] = await Promise.all([starting, serving]);
  let stopping = false;
  const lost = sandbox.ended.then(({ reason, log }) =>
    stopping ? new Promise<never>(() => undefined) : Promise.reject(endedError(options.name, reason, log)),
  );
  // Whoever plays on it sees it.
  lost.catch(() => undefined);
  const direct = '127.0.0.1,localhost';
  return {
    kind: 'sandbox',
    server: sandbox.server,
    kubeconfig: sandbox.kubeconfig,
    proxy: sandbox.proxy,
    login: { token: sandbox.token, certificateAuthority: sandbox.certificateAuthority },
    env: { ...git, http_proxy: sandbox.proxy, https_proxy: sandbox.proxy, no_proxy: direct, NO_PROXY: direct },
    sandbox,
    realParts: [
      ...(controlPlane.api === 'real' ? ['kube-apiserver'] : []),
      ...(controlPlane.mesh === 'real' ? ['istiod'] : []),
    ],
    lost,
    stop: () => {
      stopping = true;
      return sandbox.stop();
    },
  };
}

function controlPlaneOf(name: ControlPlaneName): ControlPlane {
  const istiod = name === 'real-mesh' || (name === 'real' && findIstiod() !== undefined);
  return { api: name === 'real' || name === 'real-api' ? 'real' : 'ours', mesh: istiod ? 'real' : 'ours' };
}

function endedError(name: string, reason: string, log: string): SandboxError {
  const last = log.trimEnd().split('\n').slice(-5).join('\n  ');
  const said = last === '' ? '' : `; its log ends:\n  ${last}`;
  return new SandboxError(
    'LW-SANDBOX-ENDED',
    `The sandbox ${name} ended by itself (${reason})${said}`,
    'start the run again',
  );
}
