/** The Gateway API in one mesh: which of the cluster's objects are used, and what they are converted to. */
import type { KubeObject, Resource } from '../../client/client.ts';
import { GATEWAY_CLASSES, GRPC_ROUTES, HTTP_ROUTES, KUBE_GATEWAYS, REFERENCE_GRANTS } from '../model/gateway-api.ts';
import { isVisible } from '../model/hosts.ts';
import { NAMESPACES, SECRETS, SERVICES } from '../model/kubernetes.ts';
import type { GatewayApiRules } from '../model/push-context.ts';
import { SERVICE_ENTRIES } from '../model/service-entry.ts';
import { type Converted, convertGatewayApi } from './convert.ts';
import { asHttpRoute } from './grpc-routes.ts';

interface Objects {
  list<T extends KubeObject>(of: Resource<T>): readonly T[];
}

interface Scope {
  /** Whether a namespace belongs to the mesh. */
  readonly includes: (namespace: string) => boolean;
  /** Whether an object is used. */
  readonly accepts: (object: KubeObject) => boolean;
}

const NOTHING: Converted = { gateways: [], virtualServices: [], listeners: new Map(), routes: [] };

export class GatewayApi {
  readonly #objects: Objects;

  constructor(objects: Objects) {
    this.#objects = objects;
  }

  /** For a push. */
  rules(scope: Scope): GatewayApiRules {
    const { gateways, virtualServices, routes } = this.convert(scope);
    return { gateways, virtualServices, sources: routes.map(({ route }) => route) };
  }

  convert({ includes, accepts }: Scope): Converted {
    const classes = this.#objects.list(GATEWAY_CLASSES);
    const inMesh = <T extends KubeObject>(of: Resource<T>): readonly T[] =>
      this.#objects.list(of).filter(({ metadata }) => includes(metadata.namespace ?? ''));
    const gateways = inMesh(KUBE_GATEWAYS);
    const routes = [...inMesh(HTTP_ROUTES), ...inMesh(GRPC_ROUTES).map(asHttpRoute)];
    if (gateways.length === 0 && routes.length === 0) return NOTHING;
    const entries = inMesh(SERVICE_ENTRIES);
    return convertGatewayApi({
      classes,
      gateways,
      routes: routes.filter(accepts),
      grants: this.#objects.list(REFERENCE_GRANTS),
      services: inMesh(SERVICES),
      namespaces: this.#objects.list(NAMESPACES),
      secret: (namespace, name) =>
        this.#objects.list(SECRETS).find(({ metadata }) => metadata.name === name && metadata.namespace === namespace),
      hasHost: (host, namespace) =>
        entries.some((entry) => entry.spec.hosts.includes(host) && isVisible(entry, namespace)),
    });
  }
}
