/** Gateway, as defined by Istio. */
import { type KubeObject, resource } from '../../client/client.ts';

export interface GatewayServer {
  readonly port: { readonly number: number; readonly name?: string; readonly protocol: string };
  readonly hosts: readonly string[];
  readonly tls?: {
    readonly mode?: string;
    readonly httpsRedirect?: boolean;
    readonly credentialName?: string;
    readonly serverCertificate?: string;
    readonly privateKey?: string;
    readonly caCertificates?: string;
  };
}
export interface Gateway extends KubeObject {
  readonly spec: { readonly selector?: Readonly<Record<string, string>>; readonly servers: readonly GatewayServer[] };
}

export const GATEWAYS = resource<Gateway>('networking.istio.io/v1beta1', 'Gateway', 'gateways');
