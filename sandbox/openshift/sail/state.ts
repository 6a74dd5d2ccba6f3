/** State shared by the controllers of the Service Mesh 3 operator. */

import type { SailFigures } from '../release.ts';
import type { IstioValidation } from '../servicemesh/istio-validation.ts';
import type { WebhookServer } from '../servicemesh/webhook-server.ts';

export interface SailState {
  readonly figures: SailFigures;
  readonly webhooks: WebhookServer;
  readonly validate: IstioValidation;
}

type Resolved = { readonly version: string } | { readonly version?: undefined; readonly error: string };

/** The version of Istio for a `spec.version`, or the operator's error when the release does not install it. */
export function resolveVersion({ versions, endOfLife }: SailFigures, asked: string): Resolved {
  const version = versions[asked];
  if (version !== undefined) return { version };
  if (!endOfLife.includes(asked)) return { error: `version "${asked}" not found` };
  const why = 'is end-of-life and cannot be installed; use a supported version';
  return { error: `validation error: version "${asked}" ${why}` };
}

/** @throws when the release does not install the version, in the operator's words. */
export function istioVersion(figures: SailFigures, asked: string): string {
  const resolved = resolveVersion(figures, asked);
  if (resolved.version === undefined) throw new Error(resolved.error);
  return resolved.version;
}
