/** Sidecar, as defined by Istio: the hosts for which an app's proxy gets configuration, and its listeners. */
import { type KubeObject, resource } from '../../client/client.ts';

interface ListenerPort {
  readonly number?: number;
  readonly protocol?: string;
}
export interface Sidecar extends KubeObject {
  readonly spec?: {
    readonly workloadSelector?: { readonly labels?: Readonly<Record<string, string>> };
    readonly egress?: readonly {
      readonly hosts?: readonly string[];
      readonly port?: ListenerPort;
      readonly bind?: string;
      readonly captureMode?: string;
    }[];
    readonly ingress?: readonly { readonly port?: ListenerPort; readonly defaultEndpoint?: string }[];
    readonly inboundConnectionPool?: object;
    readonly outboundTrafficPolicy?: { readonly mode?: 'ALLOW_ANY' | 'REGISTRY_ONLY' };
  };
}

export const SIDECARS = resource<Sidecar>('networking.istio.io/v1beta1', 'Sidecar', 'sidecars');
