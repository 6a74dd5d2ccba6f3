/** DestinationRule, as Istio spells it. */
import { type KubeObject, resource } from '../../client/client.ts';

export interface TlsSettings {
  readonly mode?: 'DISABLE' | 'SIMPLE' | 'MUTUAL' | 'ISTIO_MUTUAL';
  readonly sni?: string;
  /** Of a Secret in the client's namespace. */
  readonly credentialName?: string;
  readonly clientCertificate?: string;
  readonly caCertificates?: string;
  readonly subjectAltNames?: readonly string[];
}
export interface TrafficPolicy {
  readonly loadBalancer?: {
    readonly simple?: string;
    readonly consistentHash?: {
      readonly httpHeaderName?: string;
      readonly httpCookie?: { readonly name: string; readonly path?: string; readonly ttl?: string };
      readonly useSourceIp?: boolean;
      readonly httpQueryParameterName?: string;
      readonly minimumRingSize?: number;
    };
  };
  readonly connectionPool?: {
    readonly tcp?: { readonly maxConnections?: number; readonly connectTimeout?: string };
    readonly http?: {
      readonly http1MaxPendingRequests?: number;
      readonly http2MaxRequests?: number;
      readonly maxRequestsPerConnection?: number;
      readonly maxRetries?: number;
      readonly idleTimeout?: string;
    };
  };
  readonly outlierDetection?: {
    readonly consecutiveErrors?: number;
    readonly consecutive5xxErrors?: number;
    readonly consecutiveGatewayErrors?: number;
    readonly interval?: string;
    readonly baseEjectionTime?: string;
    readonly maxEjectionPercent?: number;
    readonly minHealthPercent?: number;
  };
  readonly tls?: TlsSettings;
  readonly portLevelSettings?: readonly (TrafficPolicy & { readonly port?: { readonly number: number } })[];
}
export interface Subset {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly trafficPolicy?: TrafficPolicy;
}
export interface DestinationRule extends KubeObject {
  readonly spec: {
    readonly host: string;
    readonly trafficPolicy?: TrafficPolicy;
    readonly subsets?: readonly Subset[];
    readonly exportTo?: readonly string[];
  };
}

export const DESTINATION_RULES = resource<DestinationRule>(
  'networking.istio.io/v1beta1',
  'DestinationRule',
  'destinationrules',
);
