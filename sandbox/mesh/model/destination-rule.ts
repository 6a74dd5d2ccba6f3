/** DestinationRule, as defined by Istio. */
import { type KubeObject, resource } from '../../client/client.ts';

export interface TlsSettings {
  readonly mode?: 'DISABLE' | 'SIMPLE' | 'MUTUAL' | 'ISTIO_MUTUAL';
  readonly sni?: string;
  /** In a Secret in the client's namespace. */
  readonly credentialName?: string;
  readonly clientCertificate?: string;
  readonly privateKey?: string;
  readonly caCertificates?: string;
  readonly subjectAltNames?: readonly string[];
}
export interface ConsistentHash {
  readonly httpHeaderName?: string;
  readonly httpCookie?: {
    readonly name: string;
    readonly path?: string;
    readonly ttl?: string;
    readonly attributes?: readonly { readonly name: string; readonly value?: string }[];
  };
  readonly useSourceIp?: boolean;
  readonly httpQueryParameterName?: string;
  /** Deprecated. */
  readonly minimumRingSize?: number;
  readonly ringHash?: { readonly minimumRingSize?: number };
  readonly maglev?: { readonly tableSize?: number };
}
export interface TrafficPolicy {
  readonly loadBalancer?: {
    readonly simple?: string;
    readonly consistentHash?: ConsistentHash;
    readonly localityLbSetting?: object;
    readonly warmup?: { readonly duration?: string; readonly minimumPercent?: number; readonly aggression?: number };
    readonly warmupDurationSecs?: string;
  };
  readonly connectionPool?: {
    readonly tcp?: {
      readonly maxConnections?: number;
      readonly connectTimeout?: string;
      readonly tcpKeepalive?: { readonly probes?: number; readonly time?: string; readonly interval?: string };
      readonly maxConnectionDuration?: string;
      readonly idleTimeout?: string;
    };
    readonly http?: {
      readonly http1MaxPendingRequests?: number;
      readonly http2MaxRequests?: number;
      readonly maxRequestsPerConnection?: number;
      readonly maxRetries?: number;
      readonly h2UpgradePolicy?: 'DEFAULT' | 'DO_NOT_UPGRADE' | 'UPGRADE';
      readonly useClientProtocol?: boolean;
      readonly maxConcurrentStreams?: number;
      readonly idleTimeout?: string;
    };
  };
  readonly outlierDetection?: {
    readonly consecutiveErrors?: number;
    readonly consecutive5xxErrors?: number;
    readonly consecutiveGatewayErrors?: number;
    readonly consecutiveLocalOriginFailures?: number;
    readonly splitExternalLocalOriginErrors?: boolean;
    readonly interval?: string;
    readonly baseEjectionTime?: string;
    readonly maxEjectionPercent?: number;
    readonly minHealthPercent?: number;
  };
  readonly tls?: TlsSettings;
  readonly tunnel?: object;
  readonly proxyProtocol?: object;
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
    /** Clients to which the rule applies. */
    readonly workloadSelector?: { readonly matchLabels?: Readonly<Record<string, string>> };
  };
}

export const DESTINATION_RULES = resource<DestinationRule>(
  'networking.istio.io/v1beta1',
  'DestinationRule',
  'destinationrules',
);
