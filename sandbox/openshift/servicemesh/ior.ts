/** IOR: every host of a Gateway in a member namespace gets a Route to the gateway's Service. */

import { Controller } from '../../client/controller.ts';
import { keyOf } from '../../client/informer.ts';
import type { Informers } from '../../client/informers.ts';
import { PODS, SERVICES, type Service } from '../../client/kinds.ts';
import { matchesLabels } from '../../client/selectors.ts';
import type { Component, SandboxContext } from '../../component.ts';
import { ensure, removeIfPresent } from '../create-or-patch.ts';
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
import type { OperatorState } from './operator.ts';

/** How long a Gateway may wait for its namespace to become a member. */
const MEMBERSHIP_MS = 10_000;

export function startIor(context: SandboxContext, informers: Informers, operator: OperatorState): Component {
  const gateways = informers.of(GATEWAYS);
  const rolls = informers.of(MEMBER_ROLLS);
  const planes = informers.of(CONTROL_PLANES);
  const worker = new Worker(context, operator);
  // Since when a Gateway waits for membership.
  const waiting = new Map<string, number>();
  const controller = new Controller(
    async (key) => {
      await Promise.all([rolls.start(), planes.start()]);
      const gateway = gateways.get(key);
      const [namespace = '', name = ''] = key.split('/');
      if (gateway === undefined || gateway.metadata.deletionTimestamp !== undefined) {
        waiting.delete(key);
        return worker.removeRoutes(namespace, name);
      }
      const roll = rolls.list().find((one) => one.status?.configuredMembers?.includes(namespace));
      const mesh = roll?.metadata.namespace ?? namespace;
      const plane = planes.list(mesh)[0];
      if (plane !== undefined) {
        waiting.delete(key);
        return worker.sync(gateway, plane, [mesh, ...(roll?.status?.configuredMembers ?? [])]);
      }
      const since = waiting.get(key) ?? Date.now();
      waiting.set(key, since);
      const left = since + MEMBERSHIP_MS - Date.now();
      if (left > 0) return left;
      waiting.delete(key);
      context.log('ior', `gateway ${key}: namespace ${namespace} is not a member of a mesh; no Route`);
      return undefined;
    },
    (key, error) => context.log('ior', `gateway ${key}: ${error}`),
  );
  gateways.onChange(({ object, type, before }) => {
    if (type !== 'modified' || before?.metadata.resourceVersion !== object.metadata.resourceVersion)
      controller.enqueue(keyOf(object));
  });
  const awaited = (): void => {
    for (const key of waiting.keys()) controller.enqueue(key);
  };
  rolls.onChange(awaited);
  planes.onChange(awaited);
  return { name: 'ior', stop: () => controller.stop() };
}

class Worker {
  readonly #context: SandboxContext;
  readonly #operator: OperatorState;

  constructor(context: SandboxContext, operator: OperatorState) {
    this.#context = context;
    this.#operator = operator;
  }

  async sync(gateway: Gateway, plane: ControlPlane, namespaces: readonly string[]): Promise<undefined> {
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
    for (const route of wanted) await ensure(client, ROUTES, route);
    return undefined;
  }

  async removeRoutes(namespace: string, name: string): Promise<undefined> {
    for (const route of await this.#routesOf(namespace, name)) {
      await removeIfPresent(this.#context.client, ROUTES, route.metadata.name, route.metadata.namespace);
    }
    return undefined;
  }

  async #routesOf(namespace: string, name: string): Promise<Route[]> {
    const labelSelector = `maistra.io/generated-by=ior,maistra.io/gateway-namespace=${namespace},maistra.io/gateway-name=${name}`;
    return (await this.#context.client.list(ROUTES, { labelSelector })).items;
  }

  /** The first Service that selects a pod which the Gateway selects. */
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
