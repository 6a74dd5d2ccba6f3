/** Rules of the mesh that name missing objects. */

import { at, recordsAt, textAt, textsAt } from '../../model/fields.ts';
import type { ApiObject } from '../types.ts';
import { labelsAt, written } from './labels.ts';
import type { Snapshot } from './snapshot.ts';

/** Each a sentence that begins with the object's kind and name. */
export async function routingFindings(snapshot: Snapshot): Promise<readonly string[]> {
  const rules = snapshot.list('destinationrules.networking.istio.io');
  const services = snapshot.list('virtualservices.networking.istio.io');
  const gateways = snapshot.list('gateways.networking.istio.io');
  const ofRules = rules.flatMap((rule) => ruleFindings(rule, snapshot));
  const ofServices = services.flatMap((service) => serviceFindings(service, snapshot));
  const ofGateways = await Promise.all(gateways.map((gateway) => gatewayFindings(gateway, snapshot)));
  return [...ofGateways.flat(), ...ofServices, ...ofRules];
}

function serviceFindings(service: ApiObject, snapshot: Snapshot): readonly string[] {
  const name = `VirtualService ${service.metadata.name}`;
  const gateways = new Set(snapshot.list('gateways.networking.istio.io').map(({ metadata }) => metadata.name));
  const missing = textsAt(service.spec, 'gateways').filter(
    (gateway) => gateway !== 'mesh' && !gateway.includes('/') && !gateway.includes('.') && !gateways.has(gateway),
  );
  const destinations = ['http', 'tcp', 'tls'].flatMap((protocol) =>
    recordsAt(service.spec, protocol).flatMap((rule) => recordsAt(rule, 'route').map(({ destination }) => destination)),
  );
  return [
    ...missing.map((gateway) => `${name}: there is no Gateway ${gateway}`),
    ...unansweredHosts(service, snapshot).map((host) => `${name}: no Route leads to its host ${host}`),
    ...new Set(destinations.flatMap((destination) => destinationFindings(name, destination, snapshot))),
  ];
}

/** Hosts of a rule at a gateway for which there is no Route. */
function unansweredHosts({ spec }: ApiObject, snapshot: Snapshot): readonly string[] {
  if (textsAt(spec, 'gateways').every((gateway) => gateway === 'mesh')) return [];
  const routes = snapshot.list('routes.route.openshift.io').flatMap((route) => textAt(route.spec, 'host') ?? []);
  if (routes.length === 0) return [];
  const isAnswered = (host: string): boolean =>
    host.startsWith('*') ? routes.some((route) => route.endsWith(host.slice(1))) : routes.includes(host);
  return textsAt(spec, 'hosts').filter((host) => host.includes('.') && !isAnswered(host));
}

function destinationFindings(name: string, destination: unknown, snapshot: Snapshot): readonly string[] {
  const host = textAt(destination, 'host') ?? '';
  if (!snapshot.hasHost(host)) return [`${name}: there is no Service ${host}`];
  const service = snapshot.list('services').find(({ metadata }) => metadata.name === host.split('.')[0]);
  if (service === undefined) return [];
  const number = at(destination, 'port', 'number');
  const ports = recordsAt(service.spec, 'ports').map(({ port }) => port);
  const subset = textAt(destination, 'subset');
  const subsets = snapshot
    .list('destinationrules.networking.istio.io')
    .filter((rule) => textAt(rule.spec, 'host')?.split('.')[0] === service.metadata.name)
    .flatMap((rule) => recordsAt(rule.spec, 'subsets').map((one) => textAt(one, 'name')));
  return [
    ...(number === undefined || ports.includes(number)
      ? []
      : [`${name}: Service ${host} has no port ${String(number)}, only ${ports.join(', ')}`]),
    ...(subset === undefined || subsets.includes(subset)
      ? []
      : [`${name}: no DestinationRule defines the subset ${subset} of ${host}`]),
  ];
}

function ruleFindings(rule: ApiObject, snapshot: Snapshot): readonly string[] {
  const name = `DestinationRule ${rule.metadata.name}`;
  const host = textAt(rule.spec, 'host') ?? '';
  if (!snapshot.hasHost(host)) return [`${name}: there is no Service ${host}`];
  const pods = snapshot.list('pods');
  const service = snapshot.list('services').find(({ metadata }) => metadata.name === host.split('.')[0]);
  const selector = labelsAt(service?.spec, 'selector');
  if (selector === undefined) return [];
  const subsets = recordsAt(rule.spec, 'subsets').flatMap((subset): string[] => {
    const labels = { ...selector, ...labelsAt(subset, 'labels') };
    if (pods.some((pod) => hasLabels(pod, labels))) return [];
    return [`${name}: no pod is in its subset ${textAt(subset, 'name') ?? ''} (${written(labels)})`];
  });
  return [...subsets, ...plaintextFindings(name, rule, snapshot)];
}

function plaintextFindings(name: string, rule: ApiObject, snapshot: Snapshot): readonly string[] {
  if (textAt(rule.spec, 'trafficPolicy', 'tls', 'mode') !== 'DISABLE') return [];
  const strict = snapshot
    .list('peerauthentications.security.istio.io')
    .find(({ spec }) => textAt(spec, 'mtls', 'mode') === 'STRICT');
  const { name: policy, namespace } = strict?.metadata ?? {};
  const asked = policy === undefined ? '' : `, and PeerAuthentication ${policy} in ${namespace} wants mutual TLS`;
  return [`${name}: clients speak plaintext (tls mode DISABLE)${asked}`];
}

async function gatewayFindings(gateway: ApiObject, snapshot: Snapshot): Promise<readonly string[]> {
  const name = `Gateway ${gateway.metadata.name}`;
  const selector = labelsAt(gateway.spec, 'selector');
  const pods = selector === undefined ? [] : await snapshot.podsWith(selector);
  const bound = snapshot
    .list('virtualservices.networking.istio.io')
    .some(({ spec }) => textsAt(spec, 'gateways').some((one) => one.split('/').at(-1) === gateway.metadata.name));
  return [
    ...(await portFindings(name, gateway, pods, snapshot)),
    ...(selector !== undefined && pods.length === 0
      ? [`${name}: there is no gateway pod with ${written(selector)}`]
      : []),
    ...(bound ? [] : [`${name}: no VirtualService uses it`]),
  ];
}

/** Ports that nothing leads to: no Service of the gateway's pods has them. */
async function portFindings(
  name: string,
  gateway: ApiObject,
  pods: readonly ApiObject[],
  snapshot: Snapshot,
): Promise<readonly string[]> {
  const namespaces = new Set(pods.flatMap(({ metadata }) => metadata.namespace ?? []));
  const all = (await Promise.all([...namespaces].map((one) => snapshot.servicesIn(one)))).flat();
  const services = all.filter(({ spec }) => {
    const labels = labelsAt(spec, 'selector');
    return labels !== undefined && pods.some((pod) => hasLabels(pod, labels));
  });
  if (services.length === 0) return [];
  const ports = new Set(services.flatMap(({ spec }) => recordsAt(spec, 'ports').map(({ port }) => port)));
  return recordsAt(gateway.spec, 'servers')
    .map((server) => at(server, 'port', 'number'))
    .filter((number) => number !== undefined && !ports.has(number))
    .map((number) => `${name}: no Service of the gateway's pods has its port ${String(number)}`);
}

export function hasLabels({ metadata }: ApiObject, labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(labels).every(([key, value]) => metadata.labels?.[key] === value);
}
