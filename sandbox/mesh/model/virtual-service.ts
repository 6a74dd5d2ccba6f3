/** VirtualService, as defined by Istio. */
import { type KubeObject, resource } from '../../client/client.ts';

export interface StringMatch {
  readonly exact?: string;
  readonly prefix?: string;
  readonly regex?: string;
}
export interface HttpMatch {
  readonly name?: string;
  readonly uri?: StringMatch;
  readonly scheme?: StringMatch;
  readonly method?: StringMatch;
  readonly authority?: StringMatch;
  readonly headers?: Readonly<Record<string, StringMatch>>;
  readonly withoutHeaders?: Readonly<Record<string, StringMatch>>;
  readonly queryParams?: Readonly<Record<string, StringMatch>>;
  readonly port?: number;
  readonly sourceLabels?: Readonly<Record<string, string>>;
  readonly sourceNamespace?: string;
  readonly gateways?: readonly string[];
  readonly ignoreUriCase?: boolean;
}
export interface Destination {
  readonly host: string;
  readonly subset?: string;
  readonly port?: { readonly number: number };
}
export interface HeaderOperations {
  readonly set?: Readonly<Record<string, string>>;
  readonly add?: Readonly<Record<string, string>>;
  readonly remove?: readonly string[];
}
export interface Headers {
  readonly request?: HeaderOperations;
  readonly response?: HeaderOperations;
}
export interface WeightedDestination {
  readonly destination: Destination;
  readonly weight?: number;
  readonly headers?: Headers;
}
export interface Percent {
  readonly value?: number;
}
export interface Mirror {
  readonly destination: Destination;
  readonly percentage?: Percent;
}
export interface HttpRoute {
  readonly name?: string;
  readonly match?: readonly HttpMatch[];
  readonly route?: readonly WeightedDestination[];
  readonly redirect?: Redirect;
  readonly directResponse?: {
    readonly status: number;
    readonly body?: {
      readonly string?: string;
      /** In base64. */
      readonly bytes?: string;
    };
  };
  /** Another VirtualService, whose routes replace this one. */
  readonly delegate?: { readonly name?: string; readonly namespace?: string };
  readonly rewrite?: {
    readonly uri?: string;
    readonly authority?: string;
    readonly uriRegexRewrite?: { readonly match?: string; readonly rewrite?: string };
  };
  readonly timeout?: string;
  readonly retries?: Retries;
  readonly fault?: Fault;
  readonly mirror?: Destination;
  /** Deprecated, a whole number. */
  readonly mirrorPercent?: number;
  readonly mirrorPercentage?: Percent;
  readonly mirrors?: readonly Mirror[];
  readonly corsPolicy?: CorsPolicy;
  readonly headers?: Headers;
}
export interface Redirect {
  readonly uri?: string;
  /** Of the Gateway API: replaces the matched prefix. */
  readonly prefixRewrite?: string;
  readonly authority?: string;
  readonly scheme?: string;
  readonly port?: number;
  readonly derivePort?: 'FROM_PROTOCOL_DEFAULT' | 'FROM_REQUEST_PORT';
  readonly redirectCode?: number;
}
export interface Retries {
  readonly attempts?: number;
  readonly perTryTimeout?: string;
  readonly retryOn?: string;
  readonly retryRemoteLocalities?: boolean;
  readonly retryIgnorePreviousHosts?: boolean;
  readonly backoff?: string;
}
export interface Fault {
  readonly delay?: {
    readonly fixedDelay?: string;
    readonly percentage?: Percent;
    /** Deprecated, a whole number. */
    readonly percent?: number;
  };
  readonly abort?: {
    readonly httpStatus?: number;
    /** A name such as `UNAVAILABLE`, or a number. */
    readonly grpcStatus?: string;
    readonly http2Error?: string;
    readonly percentage?: Percent;
  };
}
export interface CorsPolicy {
  readonly allowOrigins?: readonly StringMatch[];
  readonly allowOrigin?: readonly string[];
  readonly allowMethods?: readonly string[];
  readonly allowHeaders?: readonly string[];
  readonly exposeHeaders?: readonly string[];
  readonly maxAge?: string;
  readonly allowCredentials?: boolean;
  readonly unmatchedPreflights?: 'UNSPECIFIED' | 'FORWARD' | 'IGNORE';
}
export interface TcpRoute {
  readonly match?: readonly {
    readonly port?: number;
    readonly gateways?: readonly string[];
    readonly sourceLabels?: Readonly<Record<string, string>>;
    /** Of `tls` routes. */
    readonly sniHosts?: readonly string[];
  }[];
  readonly route?: readonly WeightedDestination[];
}
export interface VirtualService extends KubeObject {
  readonly spec: {
    readonly hosts: readonly string[];
    readonly gateways?: readonly string[];
    readonly http?: readonly HttpRoute[];
    readonly tcp?: readonly TcpRoute[];
    readonly tls?: readonly TcpRoute[];
    readonly exportTo?: readonly string[];
  };
}

export const VIRTUAL_SERVICES = resource<VirtualService>(
  'networking.istio.io/v1beta1',
  'VirtualService',
  'virtualservices',
);
