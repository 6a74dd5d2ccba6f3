/** Identifies the holder of a Lease, precisely enough for another process to tell whether it is still alive. */
import { createHash, randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { processStart } from './process-start.ts';

export interface Holder {
  /** Undefined if the machine has no id. */
  readonly machine: string | undefined;
  /** The current boot of the machine: a process id of an earlier boot means nothing. */
  readonly boot: string | undefined;
  /** Process ids are valid only within this namespace: a container has its own. */
  readonly pidNamespace: string | undefined;
  readonly pid: number;
  /** When the process started, in kernel ticks since boot: process ids are reused. */
  readonly started: string | undefined;
  /** Random, unique to this process. */
  readonly instance: string;
}

const INSTANCE = randomUUID();

/** This process. */
export function thisProcess(): Holder {
  return {
    machine: machineId(),
    boot: contentOf('/proc/sys/kernel/random/boot_id'),
    pidNamespace: pidNamespace(),
    pid: process.pid,
    started: processStart(process.pid),
    instance: INSTANCE,
  };
}

/**
 * Whether the holder is certainly gone. False whenever this process cannot know: then only the Lease's time counts.
 * A host name proves nothing, since machines share it, and so do machine ids of copied images. The boot id of a kernel never
 * repeats: a holder with the same boot id ran on this machine since it started, and its process id is comparable only in the same
 * namespace.
 */
export function isGone(holder: Holder, here: Holder = thisProcess()): boolean {
  if (holder.instance === here.instance) return false;
  const sameKernel = holder.boot !== undefined && holder.boot === here.boot && holder.machine === here.machine;
  const sameIds = holder.pidNamespace !== undefined && holder.pidNamespace === here.pidNamespace;
  if (!sameKernel || !sameIds || holder.started === undefined) return false;
  return processStart(holder.pid) !== holder.started;
}

/** @returns undefined for anything that is not a holder in this version's format. */
export function parseHolder(text: string | undefined): Holder | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    if (typeof value !== 'object' || value === null) return undefined;
    const fields = new Map<string, unknown>(Object.entries(value));
    const string = (name: string): string | undefined => {
      const field = fields.get(name);
      return typeof field === 'string' && field !== '' ? field : undefined;
    };
    const instance = string('instance');
    const pid = fields.get('pid');
    if (instance === undefined || typeof pid !== 'number') return undefined;
    const [machine, boot, namespace, started] = ['machine', 'boot', 'pidNamespace', 'started'].map(string);
    return { machine, boot, pidNamespace: namespace, pid, started, instance };
  } catch {
    return undefined;
  }
}

/** Hashed, as machine-id(5) requires before exposing it. */
function machineId(): string | undefined {
  const id = contentOf('/etc/machine-id') ?? contentOf('/var/lib/dbus/machine-id');
  return id === undefined ? undefined : createHash('sha256').update(`labwright ${id}`).digest('hex').slice(0, 32);
}

function pidNamespace(): string | undefined {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return undefined;
  }
}

function contentOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}
