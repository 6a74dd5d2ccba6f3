/** State shared by the controllers of the Service Mesh operator. */

import type { MeshFigures } from '../release.ts';
import type { IstioValidation } from './istio-validation.ts';
import type { WebhookServer } from './webhook-server.ts';

export const FINALIZER = 'maistra.io/istio-operator';

export class OperatorState {
  readonly figures: MeshFigures;
  readonly webhooks: WebhookServer;
  readonly validate: IstioValidation;
  readonly #listeners = new Set<() => void>();
  #running = false;

  constructor(figures: MeshFigures, webhooks: WebhookServer, validate: IstioValidation) {
    this.figures = figures;
    this.webhooks = webhooks;
    this.validate = validate;
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
