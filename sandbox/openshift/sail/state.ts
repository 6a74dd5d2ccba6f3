/** State shared by the controllers of the Service Mesh 3 operator. */
import type { SailFigures } from '../release.ts';
import type { WebhookServer } from '../servicemesh/webhook-server.ts';

export interface SailState {
  readonly figures: SailFigures;
  readonly webhooks: WebhookServer;
}

/** @returns the version of Istio for a `spec.version`. @throws when the release does not offer it. */
export function istioVersion({ versions }: SailFigures, asked: string): string {
  const version = versions[asked];
  if (version === undefined) throw new Error(`version "${asked}" is not supported`);
  return version;
}
