/** Writes the statuses of GatewayClasses, Gateways, HTTPRoutes and GRPCRoutes. */
import type { KubeObject, Resource } from '../../client/client.ts';
import { Controller } from '../../client/controller.ts';
import { canonical } from '../../client/hash.ts';
import { keyOf } from '../../client/informer.ts';
import type { SandboxContext } from '../../component.ts';
import {
  GATEWAY_CLASSES,
  type GatewayClass,
  GRPC_ROUTES,
  HTTP_ROUTES,
  KUBE_GATEWAYS,
  type KubeGateway,
  type KubeGrpcRoute,
  type KubeHttpRoute,
} from '../model/gateway-api.ts';
import { ENDPOINTS, SERVICES } from '../model/kubernetes.ts';
import { reachable } from './addresses.ts';
import { attachedTo, conditionsOf, gatewayConditions, listenerStatus, parentStatuses } from './conditions.ts';
import type { Converted } from './convert.ts';

export interface GatewayApiView {
  /** What the objects in the mesh of a namespace were converted to. */
  converted(namespace: string): Converted;
  /** Why a proxy rejects a route. */
  rejection(route: KubeObject): string | undefined;
}

const CONTROLLERS = ['istio.io/gateway-controller', 'istio.io/unmanaged-gateway'];

type WithStatus = GatewayClass | KubeGateway | KubeHttpRoute | KubeGrpcRoute;

export class GatewayApiStatus {
  readonly #context: SandboxContext;
  readonly #view: GatewayApiView;
  readonly #controllers: readonly (readonly [Resource<WithStatus>, Controller])[];

  constructor(context: SandboxContext, view: GatewayApiView) {
    this.#context = context;
    this.#view = view;
    this.#controllers = [
      this.#control(GATEWAY_CLASSES, async (object) => this.#class(object)),
      this.#control(KUBE_GATEWAYS, async (object) => this.#gateway(object)),
      this.#control(HTTP_ROUTES, async (object) => this.#route(object)),
      this.#control(GRPC_ROUTES, async (object) => this.#route(object)),
    ];
    // A load balancer's address is in the Service's status, which proxies don't need.
    context.informers.of(SERVICES).onChange(() => this.lookAgain());
  }

  /** Something in a mesh has changed. */
  lookAgain(): void {
    for (const [of, controller] of this.#controllers)
      for (const object of this.#context.informers.of(of).list()) controller.enqueue(keyOf(object));
  }

  async stop(): Promise<void> {
    await Promise.all(this.#controllers.map(([, controller]) => controller.stop()));
  }

  #control<T extends WithStatus>(
    of: Resource<T>,
    wanted: (object: T) => Promise<T['status']>,
  ): readonly [Resource<WithStatus>, Controller] {
    const informer = this.#context.informers.of(of);
    const controller = new Controller(
      async (key) => {
        const object = informer.get(key);
        if (object === undefined || object.metadata.deletionTimestamp !== undefined) return;
        const status = await wanted(object);
        if (status === undefined || canonical(status) === canonical(object.status ?? {})) return;
        const { name, namespace } = object.metadata;
        await this.#context.client.patch(of, name, namespace, { status }, { subresource: 'status' });
      },
      (key, error) => this.#context.log('mesh', `${of.kind} ${key}: ${String(error)}`),
    );
    return [of, controller];
  }

  #class({ metadata, spec, status }: GatewayClass): GatewayClass['status'] {
    if (!CONTROLLERS.includes(spec.controllerName)) return undefined;
    const accepted = { reason: 'Accepted', message: 'Handled by Istio controller' };
    return { conditions: conditionsOf(status?.conditions ?? [], metadata.generation ?? 1, { Accepted: accepted }) };
  }

  #gateway(gateway: KubeGateway): KubeGateway['status'] {
    const { namespace = '', uid } = gateway.metadata;
    const { listeners, routes } = this.#view.converted(namespace);
    const own = [...listeners].find(([{ metadata }]) => metadata.uid === uid)?.[1];
    if (own === undefined) return undefined;
    const { informers } = this.#context;
    const { addresses, programmed } = reachable(gateway, (name) => {
      const service = informers.of(SERVICES).get(`${namespace}/${name}`);
      return service && { service, endpoints: informers.of(ENDPOINTS).get(`${namespace}/${name}`) };
    });
    return {
      ...gateway.status,
      // An address is kept once it was reported.
      ...(addresses.length > 0 ? { addresses } : {}),
      conditions: gatewayConditions(gateway, programmed),
      listeners: own.map((listener) => listenerStatus(listener, attachedTo(listener, routes))),
    };
  }

  #route(route: KubeHttpRoute | KubeGrpcRoute): KubeHttpRoute['status'] {
    const { namespace = '', uid } = route.metadata;
    const result = this.#view.converted(namespace).routes.find((one) => one.route.metadata.uid === uid);
    if (result === undefined) return undefined;
    const parents = parentStatuses(result, this.#view.rejection(route));
    return parents.length === 0 && route.status === undefined ? undefined : { parents };
  }
}
