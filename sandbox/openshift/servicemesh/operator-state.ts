/** State shared by the controllers of the Service Mesh operator. */
import type { MeshFigures } from '../release.ts';
import type { WebhookServer } from './webhook-server.ts';

export const FINALIZER = 'maistra.io/istio-operator';

export class OperatorState {
  readonly figures: MeshFigures;
  readonly webhooks: WebhookServer;
  readonly #listeners = new Set<() => void>();
  #running = false;

  constructor(figures: MeshFigures, webhooks: WebhookServer) {
    this.figures = figures;
    this.webhooks = webhooks;
  }

  /** Whether the operator's ClusterServiceVersion has succeeded. */
  get running(): boolean {
    return this.#running;
  }

  set running(running: boolean) {
    this.#running = running;
    for (const listener of this.#listeners) listener();
  }

  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }
}
