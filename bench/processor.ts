/** Where a command's processor time goes: its processes are watched through /proc, and each is counted for its part. */
import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts processor time in hundredths of a second for user space, whatever the kernel's own tick. */
const TICKS_PER_SECOND = 100;
const LOOK_MS = 100;

export const ENVOYS = 'Envoys';
/** Images start `node` by name; Labwright starts it by its path. */
export const PROGRAMS = 'Node programs in pods';
/** The first match with a process's command line counts. */
const PARTS: readonly (readonly [part: string, fits: RegExp])[] = [
  [ENVOYS, /\/envoy /],
  [
    'browsers',
    /\/(chrom|firefox|headless_shell|ffmpeg|crashhelper|pingsender)|--type=(renderer|zygote|gpu-process|utility)/i,
  ],
  [PROGRAMS, /^node /],
  ['Playwright and reports', /playwright|allure/],
  ['node agent', /sandbox\/node\/|\/nsenter |^nsenter /],
  ['API, controllers and mesh', /sandbox\/main\.ts/],
  ['host and command line', /host\/process\/main\.ts|cli\/labwright\.js/],
  ['kubectl, oc and the shell', /(^|\/)(kubectl|oc|bash|git|curl|sh)( |$)/],
];
/** Other programs in pods, and whatever matches nothing. */
const REST = 'apps and the rest';

interface Seen {
  readonly pid: number;
  readonly parent: number;
  /** Of this process alone, in ticks. */
  readonly own: number;
  /** Of its children that have ended and were waited for, in ticks. */
  readonly waited: number;
  readonly part: string;
}

/** Watches a process and its descendants until `stop`. Processes too short to be seen are counted with their parent. */
export class ProcessorClock {
  readonly #root: number;
  readonly #seen = new Map<string, Seen>();
  readonly #most = new Map<string, number>();
  readonly #timer: NodeJS.Timeout;

  constructor(root: number) {
    this.#root = root;
    this.#look();
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
  }

  /** The most processes of a part that ran at the same time. */
  most(part: string): number {
    return this.#most.get(part) ?? 0;
  }

  /** @returns seconds by part, the largest first. */
  stop(): ReadonlyMap<string, number> {
    clearInterval(this.#timer);
    this.#look();
    const ticks = new Map<string, number>();
    const add = (part: string, count: number): void => void ticks.set(part, (ticks.get(part) ?? 0) + count);
    const children = Map.groupBy(this.#seen.values(), ({ parent }) => parent);
    /** Time of all seen descendants of a process: the kernel counts it again for the process that waited for them. */
    const below = (pid: number): number =>
      (children.get(pid) ?? []).reduce((sum, one) => sum + one.own + Math.max(one.waited, below(one.pid)), 0);
    for (const { pid, part, own, waited } of this.#seen.values()) {
      add(part, own);
      // Time of children that were never seen: too short to be seen.
      add(part, Math.max(0, waited - below(pid)));
    }
    const seconds = [...ticks].map(([part, count]): [string, number] => [part, count / TICKS_PER_SECOND]);
    return new Map(seconds.sort(([, a], [, b]) => b - a));
  }

  #look(): void {
    const found = new Map<number, { key: string; parent: number; own: number; waited: number }>();
    for (const entry of readdirSync('/proc')) {
      const stat = /^\d+$/.test(entry) ? read(`/proc/${entry}/stat`) : undefined;
      const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (fields === undefined) continue;
      const number = (index: number): number => Number(fields[index]);
      const pid = Number(entry);
      const times = { own: number(11) + number(12), waited: number(13) + number(14) };
      found.set(pid, { key: `${pid} ${fields[19]}`, parent: number(1), ...times });
    }
    const parts = [...found].filter(([pid]) => this.#isBelow(pid, found)).map(([pid, one]) => this.#note(pid, one));
    for (const [part, { length }] of Map.groupBy(parts, (part) => part))
      this.#most.set(part, Math.max(length, this.most(part)));
  }

  #isBelow(pid: number, all: ReadonlyMap<number, { parent: number }>): boolean {
    for (let at: number | undefined = pid; at !== undefined && at > 1; at = all.get(at)?.parent)
      if (at === this.#root) return true;
    return false;
  }

  /** @returns the part that the process belongs to. */
  #note(
    pid: number,
    { key, parent, own, waited }: { key: string; parent: number; own: number; waited: number },
  ): string {
    const known = this.#seen.get(key);
    const part = partOf(read(`/proc/${pid}/cmdline`)?.replaceAll('\0', ' ') ?? '');
    // A process may execute another program; one that has ended has no command line.
    const last = part === REST ? (known?.part ?? part) : part;
    this.#seen.set(key, { pid, parent: known?.parent ?? parent, own, waited, part: last });
    return last;
  }
}

function partOf(command: string): string {
  return PARTS.find(([, fits]) => fits.test(command))?.[0] ?? REST;
}

/** Undefined if the process has ended. */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
