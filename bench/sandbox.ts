/** A sandbox with what steps need, without browsers and without a lab. */

import type { ControlPlaneName } from '../host/process/control-plane.ts';
import { KubernetesApi } from '../kube/api.ts';
import { Connection } from '../kube/connection.ts';
import type { ServedKind } from '../kube/types.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../sandbox/index.ts';
import type { ClusterContext, Terminal } from '../steps/context.ts';

export const NAMESPACE = 'bench';

/** A sandbox of its own on our control plane, or on all of the real one. */
export function startBench(on: ControlPlaneName, until: 'api' | 'cluster' = 'cluster'): Promise<Sandbox> {
  const part = on === 'real' ? 'real' : 'ours';
  const options: SandboxOptions = { name: `bench-${process.pid}`, images: [], until };
  return startSandbox({ ...options, controlPlane: { api: part, mesh: part } });
}

export interface Bench {
  readonly sandbox: Sandbox;
  readonly api: KubernetesApi;
  readonly context: ClusterContext;
  /** A kind that must be served. @throws if it is not. */
  kind(name: string): Promise<ServedKind>;
}

/** Runs `work` against a fresh sandbox with an empty namespace. */
export async function withSandbox<T>(on: ControlPlaneName, work: (bench: Bench) => Promise<T>): Promise<T> {
  const sandbox = await startBench(on);
  try {
    const connection = await Connection.open(sandbox.kubeconfig);
    const api = new KubernetesApi(connection);
    const kind = async (name: string) => {
      const served = await api.resolve(name);
      if (served === undefined) throw new Error(`the sandbox serves no ${name}`);
      return served;
    };
    try {
      await api.create(await kind('namespace'), { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } });
      return await work({ sandbox, api, kind, context: contextOf(api) });
    } finally {
      connection.close();
    }
  } finally {
    await sandbox.stop();
  }
}

function contextOf(api: KubernetesApi): ClusterContext {
  const terminal: Terminal = {
    run: () => Promise.reject(new Error('no command is measured here')),
    expand: (text) => Promise.resolve(text),
    namespace: () => Promise.resolve(NAMESPACE),
  };
  const { signal } = new AbortController();
  return { terminal, api, figures: {}, callImage: 'none', signal, observe: () => undefined };
}
