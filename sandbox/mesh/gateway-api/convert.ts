/**
 * Converts the Gateway API's objects to Istio's, as istiod does: a Gateway per listener, and per pair of listener and host one
 * VirtualService of all routes attached there. Pure.
 */

import type { Gateway } from '../model/gateway.ts';
import {
  controllerOfGateway,
  GATEWAY_SEMANTICS,
  type GatewayClass,
  type KubeGateway,
  type KubeHttpRoute,
  type ReferenceGrant,
} from '../model/gateway-api.ts';
import type { Namespace, Secret, Service } from '../model/kubernetes.ts';
import { byAge, serviceHost } from '../model/names.ts';
import type { HttpRoute, VirtualService } from '../model/virtual-service.ts';
import { Grants } from './grants.ts';
import { isServedAlone } from './isolation.ts';
import { type Listener, listenersOf } from './listeners.ts';
import { byPrecedence } from './order.ts';
import { type Attachment, attachmentsOf, isListener } from './parents.ts';
import { type ConvertedRules, rulesOf } from './rules.ts';

/** All objects of a mesh that are converted. */
export interface GatewayApiObjects {
  readonly classes: readonly GatewayClass[];
  readonly gateways: readonly KubeGateway[];
  readonly routes: readonly KubeHttpRoute[];
  readonly grants: readonly ReferenceGrant[];
  readonly services: readonly Service[];
  readonly namespaces: readonly Namespace[];
  readonly secret: (namespace: string, name: string) => Secret | undefined;
  /** Whether a namespace can see a ServiceEntry's host. */
  readonly hasHost: (host: string, namespace: string) => boolean;
}

export interface RouteResult {
  readonly route: KubeHttpRoute;
  readonly attachments: readonly Attachment[];
  /** The rules for Gateways, and between Services. */
  readonly rules: { readonly gateway: ConvertedRules; readonly mesh: ConvertedRules };
}

export interface Converted {
  readonly gateways: readonly Gateway[];
  readonly virtualServices: readonly VirtualService[];
  /** For each Gateway whose class is Istio's. */
  readonly listeners: ReadonlyMap<KubeGateway, readonly Listener[]>;
  readonly routes: readonly RouteResult[];
}

export function convertGatewayApi(objects: GatewayApiObjects): Converted {
  const grants = new Grants(objects.grants);
  const inputs = { ...objects, grants };
  const listeners = new Map(
    objects.gateways.flatMap((gateway) => {
      const controller = controllerOfGateway(gateway, objects.classes);
      return controller === undefined ? [] : [[gateway, listenersOf(gateway, controller, inputs)] as const];
    }),
  );
  const byKey = new Map([...listeners].map(([{ metadata }, all]) => [`${metadata.namespace}/${metadata.name}`, all]));
  const routes = [...objects.routes].sort(byAge).map((route) => ({
    route,
    attachments: attachmentsOf(route, { ...inputs, listeners: (key) => byKey.get(key) ?? [] }),
    rules: { gateway: rulesOf(route, 'gateway', inputs), mesh: rulesOf(route, 'mesh', inputs) },
  }));
  return {
    gateways: [...listeners.values()].flat().flatMap(({ istio }) => istio ?? []),
    virtualServices: virtualServicesOf(routes, byKey),
    listeners,
    routes,
  };
}

interface Part {
  readonly gateway: string;
  readonly host: string;
  readonly route: KubeHttpRoute;
  readonly http: readonly HttpRoute[];
  readonly exportTo?: readonly string[];
}

function virtualServicesOf(
  results: readonly RouteResult[],
  listeners: ReadonlyMap<string, readonly Listener[]>,
): readonly VirtualService[] {
  const parts = new Map<string, Part[]>();
  for (const result of results)
    for (const attachment of result.attachments) {
      if (attachment.denied !== undefined) continue;
      for (const part of partsOf(result, attachment, listeners)) {
        if (part.http.length === 0) continue;
        const key = `${part.gateway} ${part.host} ${part.exportTo?.join() ?? ''}`;
        parts.set(key, [...(parts.get(key) ?? []), part]);
      }
    }
  return [...parts.values()].flatMap((all) => virtualServiceOf(all) ?? []);
}

function partsOf(
  { route, rules }: RouteResult,
  { to, reference }: Attachment,
  listeners: ReadonlyMap<string, readonly Listener[]>,
): readonly Part[] {
  const { hostnames = [] } = route.spec;
  if (isListener(to)) {
    const { namespace, name } = to.gateway.metadata;
    const others = (listeners.get(`${namespace}/${name}`) ?? []).filter((one) => one !== to);
    const hosts = hostnames.length === 0 ? ['*'] : hostnames;
    return hosts
      .filter((host) => isServedAlone(host, to, others))
      .map((host) => ({ gateway: to.internalName, host, route, http: rules.gateway.routes }));
  }
  const { name, namespace = '' } = to.metadata;
  const { port } = reference;
  const http = port === undefined ? rules.mesh.routes : rules.mesh.routes.map((one) => onPort(one, port));
  // A route in its Service's namespace applies to all callers, one elsewhere to callers in its own namespace.
  const exportTo = namespace === route.metadata.namespace ? ['*'] : ['.'];
  return [{ gateway: 'mesh', host: serviceHost(name, namespace), route, http, exportTo }];
}

function onPort(route: HttpRoute, port: number): HttpRoute {
  const match = route.match ?? [{}];
  return { ...route, match: match.map((one) => ({ ...one, port })) };
}

/** @param parts for one gateway and host, the oldest route first. */
function virtualServiceOf(parts: readonly Part[]): VirtualService | undefined {
  const [first] = parts;
  if (first === undefined) return undefined;
  const { metadata } = first.route;
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: {
      name: `${first.gateway.replace('/', '~')}~${first.host}`,
      namespace: metadata.namespace ?? '',
      annotations: {
        ...GATEWAY_SEMANTICS,
        'internal.istio.io/parents': parts.map(({ route }) => nameOf(route)).join(','),
      },
      ...(metadata.creationTimestamp === undefined ? {} : { creationTimestamp: metadata.creationTimestamp }),
    },
    spec: {
      hosts: [first.host],
      gateways: [first.gateway],
      http: byPrecedence(parts.flatMap(({ http }) => http)),
      ...(first.exportTo === undefined ? {} : { exportTo: first.exportTo }),
    },
  };
}

function nameOf({ kind, metadata }: KubeHttpRoute): string {
  return `${kind}/${metadata.name}.${metadata.namespace}`;
}
