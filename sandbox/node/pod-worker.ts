/** The life of one pod on its node, from binding to the last DELETE. */
import { join } from 'node:path';
import { ApiError } from '../runtime/client.ts';
import type { AgentContext } from './agent-context.ts';
import { ContainerRunner, type Plan } from './container.ts';
import { ConfigError } from './environment.ts';
import type { Image } from './images.ts';
import { type Container, PODS, type Pod, timestamp } from './kinds.ts';
import { makePlan } from './plan.ts';
import { hostsFile, resolvConf } from './pod-files.ts';
import { PodSandbox } from './pod-sandbox.ts';
import { runProbe } from './probes.ts';
import { statusOf } from './status.ts';
import { writeVolumes } from './volumes.ts';

/** Names the annotation by which a pod says that its proxy must see its traffic. */
const SIDECAR = 'sidecar.istio.io/status';
const PROXY_READY = { httpGet: { path: '/healthz/ready', port: 15_021 }, timeoutSeconds: 1 };
const RETRY = 2_000;

export class PodWorker {
  readonly runners: readonly ContainerRunner[];
  readonly initRunners: readonly ContainerRunner[];
  readonly address: string;
  readonly hostNetwork: boolean;
  #pod: Pod;
  readonly #context: AgentContext;
  readonly #hostIP: string;
  readonly #node: number;
  readonly #directory: string;
  readonly #startTime: string;
  #sandbox: PodSandbox | undefined;
  #publishing: Promise<void> | undefined;
  #dirty = false;
  #ending: Promise<void> | undefined;
  #gone = false;

  constructor(pod: Pod, context: AgentContext) {
    this.#pod = pod;
    this.#context = context;
    this.#node = context.settings.nodes.indexOf(pod.spec.nodeName ?? '');
    this.#hostIP = context.nodeAddresses[this.#node] ?? context.settings.nodeAddress;
    this.#directory = join(context.settings.directory, 'pods', pod.metadata.uid ?? pod.metadata.name);
    this.#startTime = pod.status?.startTime ?? timestamp();
    this.hostNetwork = pod.spec.hostNetwork === true;
    this.address = this.hostNetwork ? this.#hostIP : context.addresses.take(this.#node);
    const host = {
      address: this.address,
      hostNetwork: this.hostNetwork,
      directory: join(this.#directory, 'logs'),
      restartPolicy: pod.spec.restartPolicy ?? 'Always',
      plan: (container: Container, image: Image) => this.#plan(container, image),
      event: (type: 'Normal' | 'Warning', reason: string, message: string) =>
        context.events.emit(this.#pod, type, reason, message),
      changed: () => this.publish(),
    };
    this.runners = pod.spec.containers.map((container) => new ContainerRunner(container, host));
    this.initRunners = (pod.spec.initContainers ?? []).map((container) => new ContainerRunner(container, host, true));
  }

  get pod(): Pod {
    return this.#pod;
  }

  /** Enters the pod's namespaces; undefined while there are none. */
  get enter(): readonly string[] | undefined {
    return this.#sandbox?.enter();
  }

  runner(name: string | undefined): ContainerRunner | undefined {
    if (name === undefined || name === '') return this.runners[0];
    return [...this.runners, ...this.initRunners].find(({ container }) => container.name === name);
  }

  update(pod: Pod): void {
    this.#pod = pod;
    if (pod.metadata.deletionTimestamp !== undefined) void this.end();
  }

  async begin(): Promise<void> {
    this.publish();
    try {
      this.#sandbox = await PodSandbox.create({
        directory: this.#directory,
        hostname: this.#pod.spec.hostname ?? this.#pod.metadata.name,
        address: this.address,
        nodeAddress: this.#hostIP,
        hostNetwork: this.hostNetwork,
        intercepted: this.#isIntercepted(),
        resolvConf: resolvConf(this.#pod, this.#context.dns),
        hosts: hostsFile(this.#pod, this.address),
      });
    } catch (error) {
      this.#context.events.emit(
        this.#pod,
        'Warning',
        'FailedCreatePodSandBox',
        `Failed to create pod sandbox: ${messageOf(error)}`,
      );
      this.#context.log(`${this.#name()}: ${messageOf(error)}`);
      if (!this.#isEnding()) setTimeout(() => void this.begin(), RETRY);
      return;
    }
    if (this.#isEnding()) {
      await this.#sandbox.destroy();
      return;
    }
    await this.#volumes();
    for (const runner of this.initRunners) if (!(await this.#runToEnd(runner))) return;
    const proxies = this.runners.filter((runner) => this.#isProxy(runner));
    const others = this.runners.filter((runner) => !this.#isProxy(runner));
    await Promise.all(proxies.map((runner) => this.#launch(runner)));
    if (this.#isIntercepted()) for (const proxy of proxies) await this.#proxyReady(proxy);
    await Promise.all(others.map((runner) => this.#launch(runner)));
  }

  /** Ends the pod gracefully and tells the API that it is gone. Idempotent. */
  end(): Promise<void> {
    this.#ending ??= this.#end();
    return this.#ending;
  }

  /** The object is gone already: nobody is left to tell. */
  async vanish(): Promise<void> {
    this.#gone = true;
    this.#ending ??= this.#tearDown(0);
    await this.#ending;
  }

  /** Writes the status soon; several changes of one moment become one write. */
  publish(): void {
    this.#dirty = true;
    this.#publishing ??= this.#publishAll();
  }

  async #end(): Promise<void> {
    const grace = this.#pod.metadata.deletionGracePeriodSeconds ?? this.#pod.spec.terminationGracePeriodSeconds ?? 30;
    await this.#tearDown(grace * 1000);
    if (this.#gone) return;
    const { name, namespace, uid } = this.#pod.metadata;
    try {
      await this.#context.client.delete(PODS, name, namespace, {
        gracePeriodSeconds: 0,
        ...(uid === undefined ? {} : { uid }),
      });
    } catch (error) {
      if (!(error instanceof ApiError && (error.code === 404 || error.code === 409))) throw error;
    }
  }

  /** The proxy goes last, so that the app can still say good-bye through it. */
  async #tearDown(graceMs: number): Promise<void> {
    const apps = [...this.initRunners, ...this.runners.filter((runner) => !this.#isProxy(runner))];
    await Promise.all(apps.map((runner) => runner.stop(graceMs)));
    await Promise.all(this.runners.filter((runner) => this.#isProxy(runner)).map((runner) => runner.stop(graceMs)));
    await this.#sandbox?.destroy();
    if (!this.hostNetwork) this.#context.addresses.release(this.address);
    if (this.runners.some((runner) => this.#isProxy(runner))) this.#context.releaseProxy(this.#pod);
  }

  async #volumes(): Promise<void> {
    while (!this.#isEnding()) {
      try {
        return await writeVolumes(this.#context.client, this.#pod, join(this.#directory, 'volumes'));
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        this.#context.events.emit(this.#pod, 'Warning', 'FailedMount', `MountVolume.SetUp failed: ${error.message}`);
        await delay(RETRY);
      }
    }
  }

  /** Starts a container, waiting for its image and its configuration as long as the pod lives. */
  async #launch(runner: ContainerRunner): Promise<void> {
    const { image: reference, name } = runner.container;
    const image = this.#context.images.find(reference);
    if (image === undefined) {
      this.#imageMissing(runner, reference);
      return;
    }
    this.#context.events.emit(
      this.#pod,
      'Normal',
      'Pulled',
      `Container image "${reference}" already present on machine`,
    );
    while (!this.#isEnding()) {
      try {
        return await runner.start(image);
      } catch (error) {
        if (!(error instanceof ConfigError)) this.#context.log(`${this.#name()}/${name}: ${messageOf(error)}`);
        runner.wait(
          error instanceof ConfigError ? 'CreateContainerConfigError' : 'CreateContainerError',
          messageOf(error),
        );
        this.#context.events.emit(this.#pod, 'Warning', 'Failed', `Error: ${messageOf(error)}`);
        await delay(RETRY);
      }
    }
  }

  #imageMissing(runner: ContainerRunner, reference: string): void {
    const file = this.#context.images.files[0] ?? 'an images.yaml';
    const why = `the sandbox knows no program for image "${reference}": add it to ${file}`;
    const failed = `Failed to pull image "${reference}": ${why}`;
    this.#context.events.emit(this.#pod, 'Warning', 'Failed', failed);
    this.#context.events.emit(this.#pod, 'Warning', 'Failed', 'Error: ErrImagePull');
    runner.wait('ErrImagePull', why);
    setTimeout(() => {
      if (this.#isEnding()) return;
      this.#context.events.emit(this.#pod, 'Normal', 'BackOff', `Back-off pulling image "${reference}"`);
      runner.wait('ImagePullBackOff', `Back-off pulling image "${reference}": ${why}`);
    }, 1_000);
  }

  async #runToEnd(runner: ContainerRunner): Promise<boolean> {
    await this.#launch(runner);
    while (!this.#isEnding()) {
      const { terminated } = runner.status.state;
      if (terminated?.exitCode === 0) return true;
      if (terminated !== undefined && this.#pod.spec.restartPolicy === 'Never') return false;
      await this.#change();
    }
    return false;
  }

  async #proxyReady(proxy: ContainerRunner): Promise<void> {
    const probe = proxy.container.readinessProbe ?? PROXY_READY;
    const target = { address: this.address, container: proxy.container, exec: proxy.exec.bind(proxy) };
    while (!this.#isEnding() && !(await runProbe(probe, target)).ok) await delay(15);
  }

  /** Resolves at the next change of a container. */
  #change(): Promise<void> {
    return new Promise((resolve) => this.#waiters.push(resolve));
  }
  #waiters: (() => void)[] = [];

  #plan(container: Container, image: Image): Promise<Plan> {
    const pod = { ...this.#pod, status: { ...this.#pod.status, podIP: this.address, hostIP: this.#hostIP } };
    return makePlan(this.#context, { pod, container, image, directory: this.#directory, enter: this.enter ?? [] });
  }

  async #publishAll(): Promise<void> {
    while (this.#dirty) {
      await new Promise((resolve) => setImmediate(resolve));
      this.#dirty = false;
      const waiters = this.#waiters;
      this.#waiters = [];
      for (const wake of waiters) wake();
      await this.#write();
    }
    this.#publishing = undefined;
  }

  async #write(): Promise<void> {
    if (this.#gone) return;
    const status = statusOf(this.#pod, {
      hostIP: this.#hostIP,
      podIP: this.#sandbox === undefined ? undefined : this.address,
      startTime: this.#startTime,
      initContainers: this.initRunners.map((runner) => runner.status),
      containers: this.runners.map((runner) => runner.status),
    });
    const { name, namespace } = this.#pod.metadata;
    try {
      const written = await this.#context.client.patch(PODS, name, namespace, { status }, { subresource: 'status' });
      if (written.metadata.uid === this.#pod.metadata.uid) this.#pod = { ...this.#pod, status: written.status ?? {} };
    } catch (error) {
      if (error instanceof ApiError && error.code === 404) return;
      this.#context.log(`${this.#name()}: status: ${messageOf(error)}`);
      await delay(100);
      this.#dirty = !this.#isEnding();
    }
  }

  #isProxy(runner: ContainerRunner): boolean {
    return this.#context.images.find(runner.container.image)?.proxy === true;
  }

  #isIntercepted(): boolean {
    return this.#pod.metadata.annotations?.[SIDECAR] !== undefined && !this.hostNetwork;
  }

  #isEnding(): boolean {
    return this.#ending !== undefined;
  }

  #name(): string {
    return `${this.#pod.metadata.namespace}/${this.#pod.metadata.name}`;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
