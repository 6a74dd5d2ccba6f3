/** The Route for a host of a Gateway (maistra/istio, pilot/pkg/config/kube/ior/route.go). Pure. */
import { createHash } from 'node:crypto';
import { type Gateway, type GatewayServer, ROUTES, type Route } from '../kinds.ts';
import type { MeshFigures } from '../release.ts';
import { HOST_GENERATED } from '../routes.ts';

const GENERATED_BY = 'maistra.io/generated-by';
const PREFIX = 'maistra.io/';

/** `<namespace>-<gateway>-<first 16 hex digits of the host's hash>`. */
export function routeName(gateway: Gateway, host: string, hashOfStar: string): string {
  const hash = createHash('sha256')
    .update(host === '*' || host === '' ? hashOfStar : host)
    .digest('hex')
    .slice(0, 16);
  return `${gateway.metadata.namespace}-${gateway.metadata.name}-${hash}`;
}

/** The hosts of a server, without a namespace prefix (`ns/host`). */
export function hostsOf(server: GatewayServer): string[] {
  return (server.hosts ?? []).map((host) => host.slice(host.indexOf('/') + 1));
}

export function routeOf(
  gateway: Gateway,
  server: GatewayServer,
  host: string,
  target: {
    meshNamespace: string;
    service: string;
    figures: MeshFigures;
    appsDomain: string;
    hostOf(name: string): string;
  },
): Route {
  const name = routeName(gateway, host, target.figures.ior.hashOfStar);
  const wildcard = host.startsWith('*.');
  const redirect = server.tls?.httpsRedirect === true ? { insecureEdgeTerminationPolicy: 'Redirect' } : {};
  const annotations = Object.fromEntries(
    Object.entries(gateway.metadata.annotations ?? {}).filter(([key]) => !key.startsWith('kubectl.kubernetes.io')),
  );
  const any = host === '*' || host === '';
  return {
    apiVersion: ROUTES.apiVersion,
    kind: ROUTES.kind,
    metadata: {
      name,
      namespace: target.meshNamespace,
      labels: {
        ...gateway.metadata.labels,
        [GENERATED_BY]: 'ior',
        [`${PREFIX}gateway-name`]: gateway.metadata.name,
        [`${PREFIX}gateway-namespace`]: gateway.metadata.namespace ?? '',
        [`${PREFIX}gateway-resourceVersion`]: gateway.metadata.resourceVersion ?? '',
      },
      annotations: { ...annotations, [`${PREFIX}original-host`]: host, ...(any ? { [HOST_GENERATED]: 'true' } : {}) },
    },
    spec: {
      host: any ? target.hostOf(name) : wildcard ? `wildcard.${host.slice(2)}` : host,
      port: { targetPort: server.tls === undefined ? 'http2' : 'https' },
      to: { kind: 'Service', name: target.service, weight: 100 },
      wildcardPolicy: wildcard ? 'Subdomain' : 'None',
      ...(server.tls === undefined ? {} : { tls: { termination: 'passthrough', ...redirect } }),
    },
  };
}
