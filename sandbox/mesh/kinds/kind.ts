/** The interface of a kind of the mesh. A new kind is a file in this folder, a line in `index.ts`, and its CRD. */

import type { KubeObject, Resource } from '../../client/client.ts';
import type { FieldSupport } from '../../fields/support.ts';
import type { Resource as EnvoyResource, Message } from '../../xds/encode.ts';
import type { ProxyContext } from '../model/proxy-context.ts';
import type { PushContext } from '../model/push-context.ts';

/** Filters for traffic before it reaches an app or leaves a gateway. */
export interface Filters {
  readonly http: readonly Message[];
  readonly tcp: readonly Message[];
}

export interface MeshKind<T extends KubeObject = KubeObject> {
  readonly resource: Resource<T>;
  /** @returns the problems that Istio's validating webhook reports, with its messages; none if the object is valid. */
  problems?(object: T): readonly string[];
  /** Which of its fields have an effect here. */
  readonly fields: FieldSupport;
  /** @returns what else an object requests without effect, beyond single fields; a sentence each. */
  unsupported?(object: T): readonly string[];
  /** @returns the filters that the kind's rules add to a workload. */
  filters?(push: PushContext, proxy: ProxyContext): Filters;
  /** @returns the clusters that these filters ask. */
  clusters?(push: PushContext, proxy: ProxyContext): readonly EnvoyResource[];
}
