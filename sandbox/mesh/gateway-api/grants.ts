/** Which references to other namespaces are allowed by the ReferenceGrants there. */
import { GATEWAY_API, type ReferenceGrant } from '../model/gateway-api.ts';

export interface Reference {
  /** The referring object, a kind of the Gateway API. */
  readonly from: { readonly kind: string; readonly namespace: string };
  /** A Service or a Secret. */
  readonly to: { readonly kind: string; readonly namespace: string; readonly name: string };
}

export class Grants {
  readonly #grants: readonly ReferenceGrant[];

  constructor(grants: readonly ReferenceGrant[]) {
    this.#grants = grants;
  }

  /** References within a namespace are always allowed. */
  allows({ from, to }: Reference): boolean {
    if (from.namespace === to.namespace) return true;
    return this.#grants.some(
      ({ metadata, spec }) =>
        metadata.namespace === to.namespace &&
        spec.from.some(
          ({ group, kind, namespace }) => group === GATEWAY_API && kind === from.kind && namespace === from.namespace,
        ) &&
        spec.to.some(
          ({ group, kind, name = '' }) => group === '' && kind === to.kind && (name === '' || name === to.name),
        ),
    );
  }
}
