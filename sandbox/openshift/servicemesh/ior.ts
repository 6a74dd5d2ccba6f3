/** Istio OpenShift Routing (IOR): creates a Route to the gateway for every host of a Gateway in a member namespace. */

import { controllerFor, type RunningController } from '../../client/builder.ts';
import { keyOf } from '../../client/informer.ts';
import { PODS, SERVICES, type Service } from '../../client/kinds.ts';
import type { SandboxContext } from '../../component.ts';
import { matchesLabels } from '../../labels/selector.ts';
import { createOrPatch, removeIfPresent } from '../create-or-patch.ts';
import {
  CONTROL_PLANES,
  type ControlPlane,
  GATEWAYS,
  type Gateway,
  MEMBER_ROLLS,
  ROUTES,
  type Route,
} from '../kinds.ts';
import { generatedHost } from '../routes.ts';
import { hostsOf, routeOf } from './ior-route.ts';
import type { OperatorState } from './operator-state.ts';

/** The maximum time that a Gateway waits for its namespace to become a member. */
const MEMBERSHIP_MS = 10_000;

export function startIor(context: SandboxContext, operator: OperatorState): RunningController {
  const worker = new Worker(context, operator);
  return controllerFor(context, 'ior', GATEWAYS)
    .watches(MEMBER_ROLLS, () => worker.awaiting())
    .watches(CONTROL_PLANES, () => worker.awaiting())
    .reconciles({
      present: (gateway) => worker.reconcile(gateway),
      deleting: (gateway) => worker.forget(keyOf(gateway)),
      gone: (key) => worker.forget(key),
    });
}

class Worker {
  readonly #context: SandboxContext;
  readonly #operator: OperatorState;
  /** The time since which each Gateway, by key, has waited for its namespace to become a member. */
  readonly #waiting = new Map<string, number>();

  constructor(context: SandboxContext, operator: OperatorState) {
    this.#context = context;
    this.#operator = operator;
  }

  awaiting(): Iterable<string> {
    return [...this.#waiting.keys()];
  }

  async reconcile(gateway: Gateway): Promise<number | undefined> {
    const { informers, log } = this.#context;
    const key = keyOf(gateway);
    const { namespace = '' } = gateway.metadata;
    const rolls = informers.of(MEMBER_ROLLS).list();
    const roll = rolls.find((one) => one.status?.configuredMembers?.includes(namespace));
    const mesh = roll?.metadata.namespace ?? namespace;
    const plane = informers.of(CONTROL_PLANES).list(mesh)[0];
    if (plane !== undefined) {
      this.#waiting.delete(key);
      return this.#sync(gateway, plane, [mesh, ...(roll?.status?.configuredMembers ?? [])]);
    }
    const since = this.#waiting.get(key) ?? Date.now();
    this.#waiting.set(key, since);
    const left = since + MEMBERSHIP_MS - Date.now();
    if (left > 0) return left;
    this.#waiting.delete(key);
    log('ior', `gateway ${key}: namespace ${namespace} is not a member of a mesh; no Route`);
    return undefined;
  }

  /** Removes the Routes of a deleted Gateway. */
  async forget(key: string): Promise<void> {
    this.#waiting.delete(key);
    const [namespace = '', name = ''] = key.split('/');
    for (const route of await this.#routesOf(namespace, name)) {
      await removeIfPresent(this.#context.client, ROUTES, route.metadata.name, route.metadata.namespace);
    }
  }

  async #sync(gateway: Gateway, plane: ControlPlane, namespaces: readonly string[]): Promise<undefined> {
    const { figures } = this.#operator;
    const { client, settings, log } = this.#context;
    const { name, namespace = '', annotations, resourceVersion } = gateway.metadata;
    const existing = await this.#routesOf(namespace, name);
    const enabled = figures.ior.enabled
      ? plane.spec.gateways?.openshiftRoute?.enabled !== false
      : plane.spec.gateways?.openshiftRoute?.enabled === true;
    const optedOut =
      figures.ior.optOut &&
      (annotations?.['maistra.io/manageRoute'] === 'false' || gateway.spec.selector?.['istio'] === 'egressgateway');
    const hosts =
      enabled && !optedOut
        ? (gateway.spec.servers ?? []).flatMap((server) => hostsOf(server).map((host) => ({ server, host })))
        : [];
    const service = await this.#serviceOf(gateway, namespaces);
    if (service === undefined && hosts.length > 0) {
      log('ior', `gateway ${namespace}/${name}: no pod matches its selector; no Route`);
      return undefined;
    }
    const meshNamespace = service?.metadata.namespace ?? '';
    const wanted = hosts.map(({ server, host }) =>
      routeOf(gateway, server, host, {
        meshNamespace,
        service: service?.metadata.name ?? '',
        figures,
        appsDomain: settings.appsDomain,
        hostOf: (route) => generatedHost(route, meshNamespace, settings.appsDomain),
      }),
    );
    const names = new Set(wanted.map((route) => route.metadata.name));
    for (const route of existing) {
      const current = route.metadata.labels?.['maistra.io/gateway-resourceVersion'] === resourceVersion;
      const keep = names.has(route.metadata.name) && (current || figures.ior.updateInPlace);
      if (!keep) await removeIfPresent(client, ROUTES, route.metadata.name, route.metadata.namespace);
    }
    for (const route of wanted) await createOrPatch(client, ROUTES, route);
    return undefined;
  }

  async #routesOf(namespace: string, name: string): Promise<Route[]> {
    const labelSelector = `maistra.io/generated-by=ior,maistra.io/gateway-namespace=${namespace},maistra.io/gateway-name=${name}`;
    return (await this.#context.client.list(ROUTES, { labelSelector })).items;
  }

  /** The first Service that selects a pod selected by the Gateway. */
  async #serviceOf(gateway: Gateway, namespaces: readonly string[]): Promise<Service | undefined> {
    const selector = gateway.spec.selector ?? {};
    for (const namespace of new Set(namespaces)) {
      const { items: pods } = await this.#context.client.list(PODS, { namespace });
      const selected = pods.filter((pod) => matchesLabels(selector, pod.metadata.labels));
      if (selected.length === 0) continue;
      const { items: services } = await this.#context.client.list(SERVICES, { namespace });
      const found = services.find(
        ({ spec }) =>
          spec.selector !== undefined &&
          selected.some((pod) => matchesLabels(spec.selector ?? {}, pod.metadata.labels)),
      );
      if (found !== undefined) return found;
    }
    return undefined;
  }
}
