/**
 * Starts and stops a pod's containers in the order of a kubelet: init containers one after the other, each to completion, or
 * until it has started if its `restartPolicy` is `Always` (native sidecars); then the main containers. At the end, the main
 * containers stop first, and then the sidecars in reverse order.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { ContainerRunner } from './container.ts';
import type { ContainerHost } from './container-types.ts';
import type { Images } from './images.ts';
import type { Container, Pod } from './kinds.ts';
import { runProbe } from './probes.ts';

const PROXY_READY = { httpGet: { path: '/healthz/ready', port: 15_021 }, timeoutSeconds: 1 };
/** The minimum for a sidecar after the main containers have used up the pod's grace period. */
const LEAST_GRACE_MS = 2_000;

export interface ContainersContext {
  readonly images: Images;
  readonly host: ContainerHost;
  /** The pod's traffic goes through its proxy. */
  readonly intercepted: boolean;
  /** Starts a container, waiting for what it needs. */
  launch(runner: ContainerRunner): Promise<void>;
  /** Resolves with the next change of any container. */
  change(): Promise<void>;
  isEnding(): boolean;
}

/** Whether an init container keeps running beside the main containers. */
export function isSidecar(container: Container): boolean {
  return container.restartPolicy === 'Always';
}

export class PodContainers {
  readonly main: readonly ContainerRunner[];
  readonly init: readonly ContainerRunner[];
  readonly #ephemeral: ContainerRunner[] = [];
  readonly #context: ContainersContext;
  readonly #restartPolicy: string;

  constructor(pod: Pod, context: ContainersContext) {
    this.#context = context;
    this.#restartPolicy = pod.spec.restartPolicy ?? 'Always';
    const { host } = context;
    this.main = pod.spec.containers.map((container) => new ContainerRunner(container, host, 'main'));
    this.init = (pod.spec.initContainers ?? []).map(
      (container) => new ContainerRunner(container, host, isSidecar(container) ? 'sidecar' : 'init'),
    );
  }

  /** The first main container if no name is given. */
  find(name: string | undefined): ContainerRunner | undefined {
    if (name === undefined || name === '') return this.main[0];
    return [...this.main, ...this.init, ...this.#ephemeral].find(({ container }) => container.name === name);
  }

  /** The ephemeral containers, which `kubectl debug` adds. */
  get ephemeral(): readonly ContainerRunner[] {
    return this.#ephemeral;
  }

  /** Starts the ephemeral containers that are new. */
  async follow({ spec }: Pod): Promise<void> {
    const added = (spec.ephemeralContainers ?? []).filter(({ name }) => this.find(name) === undefined);
    const runners = added.map((container) => new ContainerRunner(container, this.#context.host, 'ephemeral'));
    this.#ephemeral.push(...runners);
    await Promise.all(runners.map((runner) => this.#context.launch(runner)));
  }

  /** Resolves when every container has been started, or the pod ends or has failed before. */
  async start(): Promise<void> {
    for (const runner of this.init) {
      await this.#context.launch(runner);
      if (!(await this.#until(() => (runner.role === 'sidecar' ? hasStarted(runner) : this.#hasEnded(runner))))) return;
    }
    const proxies = this.main.filter((runner) => this.isProxy(runner));
    const others = this.main.filter((runner) => !this.isProxy(runner));
    await Promise.all(proxies.map((runner) => this.#context.launch(runner)));
    if (this.#context.intercepted) for (const proxy of proxies) await this.#proxyReady(proxy);
    await Promise.all(others.map((runner) => this.#context.launch(runner)));
    void this.#stopSidecarsAtTheEnd();
  }

  /** A proxy stops after the apps, so that they can still use it. */
  async stop(graceMs: number): Promise<void> {
    const end = Date.now() + graceMs;
    const left = (): number => (graceMs <= 0 ? 0 : Math.max(LEAST_GRACE_MS, end - Date.now()));
    const initializing = this.init.filter(({ role }) => role === 'init');
    const apps = [...initializing, ...this.#ephemeral, ...this.main.filter((runner) => !this.isProxy(runner))];
    await Promise.all(apps.map((runner) => runner.stop(graceMs)));
    await Promise.all(this.main.filter((runner) => this.isProxy(runner)).map((runner) => runner.stop(left())));
    await this.#stopSidecars(left);
  }

  isProxy(runner: ContainerRunner): boolean {
    return this.#context.images.find(runner.container.image)?.proxy === true;
  }

  async #stopSidecars(left: () => number): Promise<void> {
    const sidecars = this.init.filter(({ role }) => role === 'sidecar');
    for (const runner of sidecars.reverse()) await runner.stop(left());
  }

  /** Stops the sidecars once the main containers have finished. */
  async #stopSidecarsAtTheEnd(): Promise<void> {
    if (this.#restartPolicy === 'Always' || this.init.every(({ role }) => role === 'init')) return;
    const isOver = (runner: ContainerRunner): boolean => runner.isOver;
    if (await this.#until(() => (this.main.every(isOver) ? true : undefined))) {
      await this.#stopSidecars(() => LEAST_GRACE_MS);
    }
  }

  /** Evaluates `answer` after every change until it is defined. False if the pod ends. */
  async #until(answer: () => boolean | undefined): Promise<boolean> {
    while (!this.#context.isEnding()) {
      const now = answer();
      if (now !== undefined) return now;
      await this.#context.change();
    }
    return false;
  }

  #hasEnded({ status }: ContainerRunner): boolean | undefined {
    const { terminated } = status.state;
    if (terminated?.exitCode === 0) return true;
    return terminated !== undefined && this.#restartPolicy === 'Never' ? false : undefined;
  }

  async #proxyReady(proxy: ContainerRunner): Promise<void> {
    const { host } = this.#context;
    const probe = proxy.container.readinessProbe ?? PROXY_READY;
    const target = { address: host.address, container: proxy.container, exec: proxy.exec.bind(proxy) };
    while (!this.#context.isEnding() && !(await runProbe(probe, target)).ok) await sleep(15);
  }
}

function hasStarted({ status }: ContainerRunner): true | undefined {
  return status.started === true ? true : undefined;
}
