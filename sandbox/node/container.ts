/** One container of a pod: its runs, restarts, probes and state. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { ContainerLog } from './container-log.ts';
import { ContainerProbes } from './container-probes.ts';
import { ContainerProcess, type ExitStatus } from './container-process.ts';
import type { ContainerHost, ContainerRole } from './container-types.ts';
import { execInside } from './exec.ts';
import type { Image } from './images.ts';
import type { Container, ContainerState, ContainerStatus } from './kinds.ts';
import { timestamp } from './kinds.ts';
import { runHook } from './lifecycle.ts';
import { outputPipes } from './output.ts';
import type { ProbeTarget } from './probes.ts';
import { BackOff, isRestarted, START_AGAIN_AFTER } from './restart.ts';

/** The kubelet's default. */
const DEFAULT_GRACE_MS = 30_000;
/** A postStart hook has no deadline of its own; one that hangs must not stay unnoticed. */
const HOOK_MS = 600_000;

export class ContainerRunner {
  readonly container: Container;
  readonly #host: ContainerHost;
  readonly role: ContainerRole;
  #image: Image | undefined;
  #state: ContainerState = { waiting: { reason: 'ContainerCreating' } };
  #lastState: ContainerState = {};
  #id: string | undefined;
  #process: ContainerProcess | undefined;
  #logs: ContainerLog[] = [];
  #probes: ContainerProbes | undefined;
  #restarts = 0;
  readonly #backOff = new BackOff();
  #startedAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #stopping = false;

  constructor(container: Container, host: ContainerHost, role: ContainerRole = 'main') {
    this.container = container;
    this.#host = host;
    this.role = role;
    if (role === 'init' || role === 'sidecar' || (role === 'main' && host.hasInit)) this.wait('PodInitializing');
  }

  get status(): ContainerStatus {
    const running = this.#state.running !== undefined;
    const done = this.role === 'init' && this.#state.terminated?.exitCode === 0;
    return {
      name: this.container.name,
      image: this.container.image,
      imageID:
        this.#image === undefined || this.#id === undefined
          ? ''
          : `${repository(this.container.image)}@${this.#image.digest}`,
      ...(this.#id === undefined ? {} : { containerID: `labwright://${this.#id}` }),
      ready: done || (running && this.#probes?.ready === true),
      ...(this.role === 'init' ? {} : { started: running && this.#probes?.started === true }),
      restartCount: this.#restarts,
      state: this.#state,
      lastState: this.#lastState,
    };
  }

  /** Whether a stand-in runs here instead of the image's program. */
  get isPlaceholder(): boolean {
    return this.#image?.placeholder === true;
  }

  get process(): ContainerProcess | undefined {
    return this.#state.running === undefined ? undefined : this.#process;
  }

  /** The log of the current or the previous run. */
  log(previous = false): ContainerLog | undefined {
    return this.#logs.at(previous ? -2 : -1);
  }

  wait(reason: string, message?: string): void {
    this.#state = { waiting: { reason, ...(message === undefined ? {} : { message }) } };
    this.#host.changed();
  }

  /** Resolves when the program has been started (not when it is ready). @throws what `plan` throws. */
  async start(image: Image): Promise<void> {
    this.#image = image;
    const plan = await this.#host.plan(this.container, image);
    if (this.#stopping) return;
    if (plan.command.length === 0) {
      this.wait('CreateContainerError', 'neither the pod nor the image says which command to run');
      return;
    }
    const output = await outputPipes();
    if (this.#stopping) {
      output.close();
      return;
    }
    this.#startedAt = Date.now();
    this.#id = randomBytes(32).toString('hex');
    const log = new ContainerLog(join(this.#host.directory, `${this.container.name}-${this.#restarts}.log`));
    this.#logs = [...this.#logs.slice(-1), log];
    const process = new ContainerProcess({ ...plan, input: this.container.stdin === true }, output);
    this.#process = process;
    log.follow(output.stdout, 'stdout');
    log.follow(output.stderr, 'stderr');
    void process.exit.then((status) => this.#ended(process, log, status));
    await process.started;
    this.#host.event('Normal', 'Created', `Created container ${this.container.name}`);
    this.#host.event('Normal', 'Started', `Started container ${this.container.name}`);
    // It may have exited already: then `#ended` decides.
    if (process.ended) return;
    this.#state = { running: { startedAt: timestamp() } };
    if (!(await this.#afterStart(process)) || process.ended) return;
    this.#probes = this.#probing(image, process);
    this.#host.changed();
  }

  /** Stops it permanently: SIGTERM, and SIGKILL after the grace period. Resolves when it has exited. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#timer);
    this.#probes?.stop();
    if (this.#state.running === undefined || this.#process === undefined) return;
    this.#host.event('Normal', 'Killing', `Stopping container ${this.container.name}`);
    const began = Date.now();
    await this.#beforeStop(graceMs);
    await this.#terminate(this.#process, Math.max(0, graceMs - (Date.now() - began)));
  }

  /** Probes start after the hook. False if the hook failed, which stops the container. */
  async #afterStart(process: ContainerProcess): Promise<boolean> {
    const hook = this.container.lifecycle?.postStart;
    if (hook === undefined || this.isPlaceholder) return true;
    const { ok, message } = await runHook(hook, this.#target(), HOOK_MS);
    if (ok) return true;
    this.#host.event('Warning', 'FailedPostStartHook', `PostStartHook failed: ${message}`);
    await this.#terminate(process, DEFAULT_GRACE_MS);
    return false;
  }

  async #beforeStop(graceMs: number): Promise<void> {
    const hook = this.container.lifecycle?.preStop;
    if (hook === undefined || this.isPlaceholder || graceMs <= 0) return;
    const { ok, message } = await runHook(hook, this.#target(), graceMs);
    if (!ok) this.#host.event('Warning', 'FailedPreStopHook', `PreStopHook failed: ${message}`);
  }

  #probing({ placeholder, proxy }: Image, process: ContainerProcess): ContainerProbes {
    const host = {
      target: this.#target(),
      event: this.#host.event,
      changed: () => this.#host.changed(),
      kill: () => void this.#terminate(process, DEFAULT_GRACE_MS),
    };
    return new ContainerProbes(this.container, host, { placeholder, eager: proxy });
  }

  async #terminate(process: ContainerProcess, graceMs: number): Promise<void> {
    const force = setTimeout(() => process.kill('SIGKILL'), graceMs);
    process.kill(graceMs <= 0 ? 'SIGKILL' : 'SIGTERM');
    await process.exit;
    clearTimeout(force);
  }

  #ended(process: ContainerProcess, log: ContainerLog, status: ExitStatus): void {
    process.sweep();
    log.end();
    this.#probes?.stop();
    this.#probes = undefined;
    const startedAt = this.#state.running?.startedAt ?? timestamp();
    this.#state = {
      terminated: {
        exitCode: status.exitCode,
        ...(status.signal === undefined ? {} : { signal: status.signal }),
        reason: status.exitCode === 0 ? 'Completed' : 'Error',
        startedAt,
        finishedAt: timestamp(),
        containerID: `labwright://${this.#id}`,
      },
    };
    if (this.#restarting(status.exitCode)) this.#scheduleRestart();
    this.#host.changed();
  }

  #restarting(exitCode: number): boolean {
    return !this.#stopping && isRestarted(this.role, this.#host.restartPolicy, exitCode);
  }

  /** Whether it has exited and will not run again. */
  get isOver(): boolean {
    const { terminated } = this.#state;
    return terminated !== undefined && !this.#restarting(terminated.exitCode);
  }

  #scheduleRestart(): void {
    const delay = this.#backOff.after(Date.now() - this.#startedAt);
    this.#lastState = this.#state;
    if (delay > 0) {
      const message = `back-off ${delay / 1000}s restarting failed container=${this.container.name}`;
      this.#host.event('Warning', 'BackOff', 'Back-off restarting failed container');
      this.#state = { waiting: { reason: 'CrashLoopBackOff', message } };
    }
    this.#timer = setTimeout(() => this.#restart(), delay);
  }

  async #restart(): Promise<void> {
    if (this.#stopping || this.#image === undefined) return;
    this.#restarts += 1;
    try {
      // A previous run is `lastState` now; `start` replaces the state when the program runs.
      this.#state = { waiting: { reason: 'ContainerCreating' } };
      await this.start(this.#image);
    } catch (error) {
      this.wait('CreateContainerConfigError', error instanceof Error ? error.message : String(error));
      this.#timer = setTimeout(() => this.#restart(), START_AGAIN_AFTER);
    }
  }

  #target(): ProbeTarget {
    return {
      address: this.#host.address,
      container: this.container,
      exec: (command, timeoutMs) => this.exec(command, timeoutMs),
    };
  }

  /** Runs a command beside the program and collects its output. */
  async exec(command: readonly string[], timeoutMs: number): Promise<{ code: number; output: string }> {
    const { process } = this;
    if (process === undefined) return { code: 1, output: 'the container is not running' };
    return execInside(process, this.#host.hostNetwork, command, timeoutMs);
  }
}

function repository(image: string): string {
  const [named = ''] = image.split('@');
  const slash = named.lastIndexOf('/');
  const colon = named.lastIndexOf(':');
  return colon > slash ? named.slice(0, colon) : named;
}
