/** What processes take, read from /proc. */
import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessUse {
  readonly pid: number;
  /** The program's name, at most 15 characters. */
  readonly name: string;
  /** Proportional set size: pages shared by several processes count in parts. */
  readonly memoryMiB: number;
  /** Processor time used so far, user and system, in seconds. */
  readonly cpuSeconds: number;
}

/** Linux counts processor time in hundredths of a second for user space, whatever the kernel's own tick. */
const TICKS_PER_SECOND = 100;

/** The process and its descendants, in any namespace; without those that end meanwhile. */
export function processesUnder(root: number): ProcessUse[] {
  const children = new Map<number, number[]>();
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const parent = statOf(Number(entry))?.[1];
    if (parent === undefined) continue;
    const key = Number(parent);
    children.set(key, [...(children.get(key) ?? []), Number(entry)]);
  }
  const found = [root];
  for (const pid of found) found.push(...(children.get(pid) ?? []));
  return found.flatMap((pid) => useOf(pid) ?? []);
}

function useOf(pid: number): ProcessUse | undefined {
  const stat = statOf(pid);
  const name = read(`/proc/${pid}/comm`)?.trim();
  if (stat === undefined || name === undefined) return undefined;
  const kib = /^Pss:\s+(\d+) kB/m.exec(read(`/proc/${pid}/smaps_rollup`) ?? '')?.[1];
  const cpuSeconds = (Number(stat[11]) + Number(stat[12])) / TICKS_PER_SECOND;
  return { pid, name, memoryMiB: Number(kib ?? 0) / 1024, cpuSeconds };
}

/** The fields of /proc/PID/stat after the name, which may itself hold spaces: state, parent, … */
function statOf(pid: number): string[] | undefined {
  const stat = read(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/** Undefined if the process has ended. */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
