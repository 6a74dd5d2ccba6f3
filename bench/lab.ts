/** A sandbox on which all acting steps of the lab have been played. */
import { join } from 'node:path';
import { HostClient } from '../host/process/client.ts';
import type { ControlPlaneName } from '../host/process/control-plane.ts';
import { launchHost } from '../host/process/launch.ts';
import { loadLab } from '../steps/load.ts';

const LAB = join(import.meta.dirname, '..', 'labs', 'openshift-service-mesh');

/** @param look gets the process whose end ends the sandbox. @throws when the lab can't be played to its end. */
export async function withLab<T>(controlPlane: ControlPlaneName, look: (pid: number) => T | Promise<T>): Promise<T> {
  const host = await launchHost({ controlPlane });
  try {
    const client = await HostClient.connect(host.socket);
    const session = { project: 'bench', lab: LAB };
    const { sandbox } = await client.request('open', session);
    if (sandbox === undefined) throw new Error('the host opened no sandbox');
    const last = loadLab(LAB).sections.at(-1);
    if (last === undefined) throw new Error('the lab has no section');
    const entry = await client.request('enter', { ...session, file: last.file, exercise: last.exercises.length - 1 });
    if (entry.state === 'blocked') throw new Error(`${entry.by}: ${entry.failure.message}`);
    client.close();
    return await look(sandbox.pid);
  } finally {
    await host.stop();
  }
}

/** Programs that are the control plane: our own is the first `node`, PID 1, which is OpenShift's operators as well. */
export const REAL_PROGRAMS: readonly string[] = ['etcd', 'kube-apiserver', 'kube-controller', 'pilot-discovery'];
