/** What the mesh knows of one of its kinds. A new kind is a file in this folder, named in `index.ts`, and its CRD. */

import type { KubeObject, Resource } from '../../client/client.ts';
import type { FieldSupport } from '../../fields/support.ts';
import type { Message } from '../../xds/encode.ts';
import type { ProxyContext } from '../model/proxy-context.ts';
import type { PushContext } from '../model/push-context.ts';

/** Filters that traffic passes before it reaches an app or leaves a gateway. */
export interface Filters {
  readonly http: readonly Message[];
  readonly tcp: readonly Message[];
}

export interface MeshKind<T extends KubeObject = KubeObject> {
  readonly resource: Resource<T>;
  /** @returns what Istio's validating webhook says is wrong with an object, in its words; nothing when it is right. */
  problems?(object: T): readonly string[];
  /** Which of its fields have an effect here. */
  readonly fields: FieldSupport;
  /** @returns what else an object asks for and does not get here, beyond single fields; a sentence each. */
  unsupported?(object: T): readonly string[];
  /** @returns what the kind's rules put before a workload. */
  filters?(push: PushContext, proxy: ProxyContext): Filters;
}
