/** Memory of one sandbox with the whole lab on it: the proportional set size of all its processes. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HostClient } from '../cluster/host/client.ts';
import { launchHost } from '../cluster/host/launch.ts';
import { loadLab } from '../language/index.ts';
import type { Measurement } from './measure.ts';

const LAB = join(import.meta.dirname, '..', 'labs', 'openshift-service-mesh');

export const memory: Measurement = {
  name: 'memory',
  what: 'memory of one sandbox with the whole lab on it',
  unit: 'MiB',
  limit: 1536,
  async run() {
    const host = await launchHost();
    try {
      const client = await HostClient.connect(host.socket);
      const stage = { project: 'bench', lab: LAB };
      const { sandbox } = await client.request('open', stage);
      if (sandbox === undefined) throw new Error('the host opened no sandbox');
      const last = loadLab(LAB).sections.at(-1);
      if (last === undefined) throw new Error('the lab has no section');
      const entry = await client.request('enter', { ...stage, file: last.file, exercise: last.exercises.length - 1 });
      if (entry.state === 'blocked') throw new Error(`${entry.by}: ${entry.failure.message}`);
      client.close();
      return [withDescendants(sandbox.pid).reduce((sum, pid) => sum + proportionalMiB(pid), 0)];
    } finally {
      await host.stop();
    }
  },
};

/** The process and all that descend from it, namespaces regardless. */
function withDescendants(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const parent = parentOf(Number(entry));
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(entry)]);
  }
  const found = [root];
  for (const pid of found) found.push(...(children.get(pid) ?? []));
  return found;
}

function parentOf(pid: number): number | undefined {
  const stat = read(`/proc/${pid}/stat`);
  return stat === undefined ? undefined : Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

/** Pages shared by several processes count in parts. */
function proportionalMiB(pid: number): number {
  const kib = /^Pss:\s+(\d+) kB/m.exec(read(`/proc/${pid}/smaps_rollup`) ?? '')?.[1];
  return Number(kib ?? 0) / 1024;
}

/** Undefined when the process has ended meanwhile. */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
