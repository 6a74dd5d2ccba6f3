/**
 * The namespaces of one pod: network, host name, mounts, processes. A sleeping process, PID 1 of the pod, holds them. When
 * it is killed, the kernel kills everything in the pod.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { mustRun } from '../runtime/run.ts';
import { INTERCEPTION } from './interception.ts';
import type { Pod } from './kinds.ts';
import { GATEWAY } from './network.ts';

export interface PodSandboxOptions {
  /** `<sandbox>/pods/<uid>`. */
  readonly directory: string;
  readonly hostname: string;
  readonly address: string;
  readonly nodeAddress: string;
  /** Whether the pod shares the node's network. */
  readonly hostNetwork: boolean;
  /** Whether traffic goes through the pod's proxy. */
  readonly intercepted: boolean;
  readonly resolvConf: string;
  readonly hosts: string;
}

/** Writes the process id of the shell itself, as seen in every PID namespace above: `/proc` is still the outer one. */
export const REPORT_PID =
  'while read -r key ids; do [ "$key" = NSpid: ] && break; done < /proc/self/status; echo "$ids"';

const HOLD = `
${REPORT_PID}
hostname "$2" 2>/dev/null
read -r go || exit 1
set -e
# A pod's own /run: it sees no sockets of this machine, and secrets are mounted there without further ado.
case "$1" in
  /run/*|/var/run/*) ;;
  *)
    names=$(readlink -f /etc/resolv.conf)
    mount -t tmpfs -o mode=755 tmpfs /run
    [ -e "$names" ] || { mkdir -p "\${names%/*}"; : > "$names"; }
  ;;
esac
mount --bind "$1/resolv.conf" /etc/resolv.conf
mount --bind "$1/hosts" /etc/hosts
if [ -f "$1/network" ]; then ip -batch "$1/network"; fi
if [ -f "$1/nft" ]; then nft -f "$1/nft"; fi
echo up
exec sleep infinity
`;

let interfaces = 0;

export class PodSandbox {
  readonly options: PodSandboxOptions;
  readonly #holder: ChildProcess;
  #pids: readonly number[] = [];
  #ended = false;

  private constructor(options: PodSandboxOptions, holder: ChildProcess) {
    this.options = options;
    this.#holder = holder;
    holder.once('exit', () => {
      this.#ended = true;
    });
  }

  /** @throws with the error of the kernel or a program. */
  static async create(options: PodSandboxOptions): Promise<PodSandbox> {
    await mkdir(options.directory, { recursive: true });
    await Promise.all(files(options).map(([name, content]) => writeFile(join(options.directory, name), content)));
    const net = options.hostNetwork ? [] : ['--net'];
    const holder = spawn(
      'unshare',
      [
        ...net,
        '--uts',
        '--mount',
        '--pid',
        '--fork',
        '--kill-child',
        'sh',
        '-c',
        HOLD,
        'pod',
        options.directory,
        options.hostname,
      ],
      { stdio: ['pipe', 'pipe', 'pipe'] },
    );
    const sandbox = new PodSandbox(options, holder);
    try {
      await sandbox.#setUp();
      return sandbox;
    } catch (error) {
      await sandbox.destroy();
      throw error;
    }
  }

  /** Arguments for `nsenter` that lead into this pod. */
  enter(): string[] {
    return enterArguments(this.#pids[0] ?? 0, this.options.hostNetwork);
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Kills every process of the pod and removes its files. Idempotent. */
  async destroy(): Promise<void> {
    if (!this.#ended) {
      const gone = new Promise((resolve) => this.#holder.once('exit', resolve));
      this.#holder.kill('SIGKILL');
      await gone;
    }
    await rm(this.options.directory, { recursive: true, force: true, maxRetries: 3 });
  }

  async #setUp(): Promise<void> {
    const lines = createInterface({ input: this.#holder.stdout ?? process.stdin })[Symbol.asyncIterator]();
    let complaint = '';
    this.#holder.stderr?.on('data', (chunk: Buffer) => {
      complaint += chunk;
    });
    const next = async (): Promise<string> => {
      const line = await lines.next();
      if (line.done === true) throw new Error(`the pod's namespaces could not be created: ${complaint.trim()}`);
      return line.value;
    };
    this.#pids = parsePids(await next());
    if (!this.options.hostNetwork) await this.#plugIn();
    this.#holder.stdin?.end('go\n');
    await next();
  }

  async #plugIn(): Promise<void> {
    const { address, nodeAddress } = this.options;
    interfaces += 1;
    const name = `veth${interfaces}`;
    const commands = [
      `link add ${name} type veth peer name eth0 netns ${this.#pids[0]}`,
      `link set ${name} up`,
      `route add ${address}/32 dev ${name} src ${nodeAddress}`,
    ];
    await mustRun('ip', ['-batch', '-'], `${commands.join('\n')}\n`);
  }
}

/** The first id is the one `/proc` shows; `nsenter` looks there. */
export function enterArguments(pid: number, hostNetwork: boolean): string[] {
  return ['--target', String(pid), ...(hostNetwork ? [] : ['--net']), '--uts', '--mount', '--pid'];
}

/** The process IDs in an NSpid line of `/proc`, from the outermost namespace to the innermost. */
export function parsePids(line: string): number[] {
  return line.trim().split(/\s+/).map(Number);
}

/** How many PID namespaces deep this process is, according to /proc: the index of its own ids in an NSpid line. */
export function ownDepth(): number {
  const line = readFileSync('/proc/self/status', 'utf8').match(/^NSpid:(.*)$/m)?.[1] ?? '0';
  return parsePids(line).length;
}

function files(options: PodSandboxOptions): [string, string][] {
  const network = [
    'link set lo up',
    `addr add ${options.address}/32 dev eth0`,
    'link set eth0 up',
    `route add ${GATEWAY} dev eth0`,
    `route add default via ${GATEWAY} src ${options.address}`,
  ];
  return [
    ['resolv.conf', options.resolvConf],
    ['hosts', options.hosts],
    ...(options.hostNetwork ? [] : [['network', `${network.join('\n')}\n`] satisfies [string, string]]),
    ...(options.intercepted ? [['nft', INTERCEPTION] satisfies [string, string]] : []),
  ];
}

/** The annotation of a pod whose traffic its proxy must intercept. */
const SIDECAR = 'sidecar.istio.io/status';

export function isIntercepted({ metadata, spec }: Pod): boolean {
  // An injected gateway has the annotation too, and listens itself.
  const isGateway = spec.containers.some(({ args }) => args?.[0] === 'proxy' && args[1] === 'router');
  return metadata.annotations?.[SIDECAR] !== undefined && spec.hostNetwork !== true && !isGateway;
}
