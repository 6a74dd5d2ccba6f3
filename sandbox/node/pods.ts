/** All pods of this machine's nodes: one worker each. */
import type { Component } from '../component.ts';
import type { AgentContext } from './agent-context.ts';
import { CONFIG_MAPS, PODS, type Pod, SECRETS } from './kinds.ts';
import { PodWorker } from './pod-worker.ts';
import { mounts } from './volumes.ts';

export class Pods implements Component {
  readonly name = 'kubelet';
  readonly #workers = new Map<string, PodWorker>();
  readonly #context: AgentContext;

  constructor(context: AgentContext) {
    this.#context = context;
    context.informers.of(PODS).onChange(({ type, object }) => {
      if (!context.settings.nodes.includes(object.spec.nodeName ?? '')) return;
      if (type === 'deleted') this.#remove(object);
      else this.#put(object);
    });
    this.#follow(context);
  }

  /** Volumes are updated with their sources. */
  #follow(context: AgentContext): void {
    const sources = [
      ['configMap', CONFIG_MAPS],
      ['secret', SECRETS],
    ] as const;
    for (const [kind, resource] of sources) {
      context.informers.of(resource).onChange(({ type, object }) => {
        if (type !== 'modified') return;
        const { name, namespace } = object.metadata;
        for (const worker of this.#workers.values())
          if (worker.pod.metadata.namespace === namespace && mounts(worker.pod, kind, name)) worker.refreshVolumes();
      });
    }
  }

  /** By namespace and name. */
  find(namespace: string, name: string): PodWorker | undefined {
    return [...this.#workers.values()].find(
      ({ pod }) => pod.metadata.name === name && pod.metadata.namespace === namespace,
    );
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#workers.values()].map((worker) => worker.vanish()));
  }

  #put(pod: Pod): void {
    const uid = pod.metadata.uid ?? '';
    const known = this.#workers.get(uid);
    if (known !== undefined) {
      known.update(pod);
      return;
    }
    if (pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed') return;
    const worker = new PodWorker(pod, this.#context);
    this.#workers.set(uid, worker);
    const failed = (error: unknown): void =>
      this.#context.log(`${pod.metadata.namespace}/${pod.metadata.name}: ${error}`);
    if (pod.metadata.deletionTimestamp !== undefined) worker.end().catch(failed);
    else worker.begin().catch(failed);
  }

  #remove(pod: Pod): void {
    const uid = pod.metadata.uid ?? '';
    const worker = this.#workers.get(uid);
    if (worker === undefined) return;
    void worker.vanish().then(() => this.#workers.delete(uid));
  }
}
