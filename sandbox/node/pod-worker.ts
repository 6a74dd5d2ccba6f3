/** The life of one pod on its node, from binding to the last DELETE. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { ApiError } from '../client/client.ts';
import type { AgentContext } from './agent-context.ts';
import type { ContainerRunner } from './container.ts';
import { launchContainer, RETRY, reasonOf } from './container-launch.ts';
import type { Plan } from './container-types.ts';
import { ConfigError } from './environment.ts';
import type { Image } from './images.ts';
import { type Container, PODS, type Pod, timestamp } from './kinds.ts';
import { makePlan } from './plan.ts';
import { PodContainers } from './pod-containers.ts';
import { hostsFile, resolvConf } from './pod-files.ts';
import { PodPublisher } from './pod-publisher.ts';
import { isIntercepted, PodSandbox } from './pod-sandbox.ts';
import { PodVolumes } from './pod-volumes.ts';
import { statusOf } from './status.ts';

export class PodWorker {
  readonly address: string;
  readonly hostNetwork: boolean;
  #pod: Pod;
  readonly #context: AgentContext;
  readonly #hostIP: string;
  readonly #node: number;
  readonly #directory: string;
  readonly #startTime: string;
  #sandbox: PodSandbox | undefined;
  readonly #publisher = new PodPublisher(
    () => this.#writeStatus(),
    (error) => this.#onUnwritten(error),
  );
  readonly #volumes: PodVolumes;
  readonly #containers: PodContainers;
  #ending: Promise<void> | undefined;
  #gone = false;

  constructor(pod: Pod, context: AgentContext) {
    this.#pod = pod;
    this.#context = context;
    this.#node = context.settings.nodes.indexOf(pod.spec.nodeName ?? '');
    this.#hostIP = context.nodeAddresses[this.#node] ?? context.settings.nodeAddress;
    this.#directory = join(context.settings.directory, 'pods', pod.metadata.uid ?? pod.metadata.name);
    const log = (message: string): void => context.log(`${this.#name()}: ${message}`);
    this.#volumes = new PodVolumes(context.client, join(this.#directory, 'volumes'), log);
    this.#startTime = pod.status?.startTime ?? timestamp();
    this.hostNetwork = pod.spec.hostNetwork === true;
    this.address = this.hostNetwork ? this.#hostIP : context.addresses.take(this.#node);
    const host = {
      address: this.address,
      hostNetwork: this.hostNetwork,
      directory: join(this.#directory, 'logs'),
      restartPolicy: pod.spec.restartPolicy ?? 'Always',
      hasInit: (pod.spec.initContainers ?? []).length > 0,
      plan: (container: Container, image: Image) => this.#plan(container, image),
      event: (type: 'Normal' | 'Warning', reason: string, message: string) =>
        context.events.emit(this.#pod, type, reason, message),
      changed: () => this.publish(),
    };
    this.#containers = new PodContainers(pod, {
      host,
      images: context.images,
      intercepted: isIntercepted(pod),
      launch: (runner) => this.#launch(runner),
      change: () => this.#publisher.change(),
      isEnding: () => this.#isEnding(),
    });
  }

  get pod(): Pod {
    return this.#pod;
  }

  /** Enters the pod's namespaces; undefined while there are none. */
  get enter(): readonly string[] | undefined {
    return this.#sandbox?.enter();
  }

  runner(name: string | undefined): ContainerRunner | undefined {
    return this.#containers.find(name);
  }

  update(pod: Pod): void {
    const { labels, annotations } = this.#pod.metadata;
    this.#pod = pod;
    this.#followEphemeral();
    if (pod.metadata.deletionTimestamp !== undefined) void this.end();
    // The downward API needs them.
    else if (!isDeepStrictEqual([labels, annotations], [pod.metadata.labels, pod.metadata.annotations]))
      this.refreshVolumes();
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
        intercepted: isIntercepted(this.#pod),
        resolvConf: resolvConf(this.#pod, this.#context.dns),
        hosts: hostsFile(this.#pod, this.address),
      });
    } catch (error) {
      this.#context.events.emit(
        this.#pod,
        'Warning',
        'FailedCreatePodSandBox',
        `Failed to create pod sandbox: ${reasonOf(error)}`,
      );
      this.#context.log(`${this.#name()}: ${reasonOf(error)}`);
      if (!this.#isEnding()) setTimeout(() => void this.begin(), RETRY);
      return;
    }
    if (this.#isEnding()) {
      await this.#sandbox.destroy();
      return;
    }
    await this.#mount();
    this.#followEphemeral();
    await this.#containers.start();
  }

  /** Starts new ephemeral containers. They need the pod's namespaces, but not its other containers. */
  #followEphemeral(): void {
    if (this.#sandbox === undefined || this.#isEnding()) return;
    void this.#containers.follow(this.#pod).catch((error) => this.#context.log(`${this.#name()}: ${reasonOf(error)}`));
  }

  /** Called when a source of the pod's volumes has changed. */
  refreshVolumes(): void {
    this.#volumes.refresh(this.#pod);
  }

  /** Stops the pod gracefully and reports to the API that it is gone. Idempotent. */
  end(): Promise<void> {
    this.#ending ??= this.#end();
    return this.#ending;
  }

  /** Stops a pod whose object has already been deleted. Reports nothing. */
  async vanish(): Promise<void> {
    this.#gone = true;
    this.#ending ??= this.#tearDown(0);
    await this.#ending;
  }

  publish(): void {
    this.#publisher.publish();
  }

  async #end(): Promise<void> {
    const grace = this.#pod.metadata.deletionGracePeriodSeconds ?? this.#pod.spec.terminationGracePeriodSeconds ?? 30;
    await this.#tearDown(grace * 1000);
    const { name, namespace, uid } = this.#pod.metadata;
    const options = { gracePeriodSeconds: 0, ...(uid === undefined ? {} : { uid }) };
    // Nothing else deletes the object: without this the pod would stay Terminating.
    while (!this.#gone) {
      try {
        await this.#context.client.delete(PODS, name, namespace, options);
        return;
      } catch (error) {
        if (isGone(error)) return;
        this.#context.log(`${this.#name()}: delete: ${reasonOf(error)}`);
        await sleep(RETRY);
      }
    }
  }

  async #tearDown(graceMs: number): Promise<void> {
    await this.#containers.stop(graceMs);
    await this.#volumes.stop();
    await this.#sandbox?.destroy();
    if (!this.hostNetwork) this.#context.addresses.release(this.address);
    const { init, main } = this.#containers;
    if ([...init, ...main].some((runner) => this.#containers.isProxy(runner))) this.#context.releaseProxy(this.#pod);
  }

  /** Objects of a new namespace (its `kube-root-ca.crt`) may appear shortly after its first pod: that is not a failure yet. */
  async #mount(): Promise<void> {
    for (let pause = 20; !this.#isEnding(); pause = Math.min(pause * 3, RETRY)) {
      try {
        return await this.#volumes.write(this.#pod);
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        const message = `MountVolume.SetUp failed: ${error.message}`;
        if (pause > 100) this.#context.events.emit(this.#pod, 'Warning', 'FailedMount', message);
        await sleep(pause);
      }
    }
  }

  #launch(runner: ContainerRunner): Promise<void> {
    return launchContainer(runner, {
      images: this.#context.images,
      event: (type, reason, message) => this.#context.events.emit(this.#pod, type, reason, message),
      log: (message) => this.#context.log(`${this.#name()}/${message}`),
      isEnding: () => this.#isEnding(),
    });
  }

  #plan(container: Container, image: Image): Promise<Plan> {
    const pod = { ...this.#pod, status: { ...this.#pod.status, podIP: this.address, hostIP: this.#hostIP } };
    return makePlan(this.#context, { pod, container, image, directory: this.#directory, enter: this.enter ?? [] });
  }

  async #writeStatus(): Promise<void> {
    if (this.#gone) return;
    const status = statusOf(this.#pod, {
      hostIP: this.#hostIP,
      podIP: this.#sandbox === undefined ? undefined : this.address,
      startTime: this.#startTime,
      initContainers: this.#containers.init.map((runner) => runner.status),
      containers: this.#containers.main.map((runner) => runner.status),
      ephemeralContainers: this.#containers.ephemeral.map((runner) => runner.status),
    });
    const { name, namespace } = this.#pod.metadata;
    const written = await this.#context.client.patch(PODS, name, namespace, { status }, { subresource: 'status' });
    if (written.metadata.uid === this.#pod.metadata.uid) this.#pod = { ...this.#pod, status: written.status ?? {} };
  }

  #onUnwritten(error: unknown): boolean {
    if (error instanceof ApiError && error.code === 404) return false;
    this.#context.log(`${this.#name()}: status: ${reasonOf(error)}`);
    return !this.#isEnding();
  }

  #isEnding(): boolean {
    return this.#ending !== undefined;
  }

  #name(): string {
    return `${this.#pod.metadata.namespace}/${this.#pod.metadata.name}`;
  }
}

/** The pod no longer exists, or is another one with the same name. */
function isGone(error: unknown): boolean {
  return error instanceof ApiError && (error.code === 404 || error.code === 409);
}
