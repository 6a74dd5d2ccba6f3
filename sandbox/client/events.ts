/** Events, for `kubectl describe` and `kubectl get events`. Repeated ones are counted, as in Kubernetes. */
import type { Client, KubeObject } from './client.ts';
import { type AnyObject, EVENTS } from './kinds.ts';

const KEEP = 500;

export class EventRecorder {
  readonly #client: Client;
  readonly #component: string;
  readonly #seen = new Map<string, { name: string; count: number }>();
  #sequence = Date.now() * 1000;

  constructor(client: Client, component: string) {
    this.#client = client;
    this.#component = component;
  }

  /** Never fails and is not awaited: an event that cannot be written must not stop the work. */
  emit(about: KubeObject, type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.#write(about, type, reason, message).catch(() => undefined);
  }

  async #write(about: KubeObject, type: string, reason: string, message: string): Promise<void> {
    // Events about cluster-scoped objects are in `default`.
    const namespace = about.metadata.namespace ?? 'default';
    const now = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
    const key = [about.metadata.uid, type, reason, message].join('\0');
    const known = this.#seen.get(key);
    if (known !== undefined) {
      known.count += 1;
      await this.#client.patch(EVENTS, known.name, namespace, { count: known.count, lastTimestamp: now });
      return;
    }
    this.#sequence += 1;
    const name = `${about.metadata.name}.${this.#sequence.toString(16)}`;
    this.#seen.set(key, { name, count: 1 });
    const oldest = this.#seen.keys().next();
    if (this.#seen.size > KEEP && !oldest.done) this.#seen.delete(oldest.value);
    await this.#client.create<AnyObject>(EVENTS, {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name, namespace },
      involvedObject: {
        apiVersion: about.apiVersion,
        kind: about.kind,
        name: about.metadata.name,
        ...(about.metadata.namespace === undefined ? {} : { namespace: about.metadata.namespace }),
        uid: about.metadata.uid,
        resourceVersion: about.metadata.resourceVersion,
      },
      type,
      reason,
      message,
      source: { component: this.#component },
      firstTimestamp: now,
      lastTimestamp: now,
      count: 1,
      reportingComponent: '',
      reportingInstance: '',
    });
  }
}
