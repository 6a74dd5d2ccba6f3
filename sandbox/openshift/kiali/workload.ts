/** The objects that the Kiali operator creates for a Kiali and an OSSMConsole. The programs are placeholders. Pure. */
import type { AnyObject, Labels } from '../../client/kinds.ts';
import { configMap, deployment, port, route, service, serviceAccount } from '../servicemesh/charts/parts.ts';
import type { Kiali } from './kinds.ts';

const REGISTRY = 'registry.redhat.io/openshift-service-mesh';
const PORT = 20001;
const REENCRYPT = { termination: 'reencrypt', redirect: true };

/** @param version the operator's version, which is also the image tag of the server. */
export function kialiWorkload(kiali: Kiali, version: string): readonly AnyObject[] {
  const name = nameOf(kiali, 'kiali');
  const labels = labelsOf('kiali', name, version);
  const selector = { 'app.kubernetes.io/name': 'kiali', 'app.kubernetes.io/instance': name };
  const ports = [
    { name: 'api-port', containerPort: PORT },
    { name: 'http-metrics', containerPort: 9090 },
  ];
  const container = { name: 'kiali', image: `${REGISTRY}/kiali-rhel9:${version}`, ports };
  const account = `${name}-service-account`;
  return placed(kiali, [
    serviceAccount(account),
    configMap(name, { 'config.yaml': 'auth:\n  strategy: openshift\n' }),
    deployment(name, labels, account, [container], { selector }),
    service(name, selector, [port('https-kiali', PORT), port('http-metrics', 9090)], { labels }),
    route(name, name, REENCRYPT, PORT),
  ]);
}

export function consoleWorkload(plugin: Kiali, version: string): readonly AnyObject[] {
  const name = nameOf(plugin, 'ossmconsole');
  const labels = labelsOf('ossmconsole', name, version);
  const selector = { 'app.kubernetes.io/name': 'ossmconsole', 'app.kubernetes.io/instance': name };
  const image = `${REGISTRY}/kiali-ossmc-rhel9:${version}`;
  const container = { name: 'ossmconsole', image, ports: [{ name: 'tcp', containerPort: 9443 }] };
  return placed(plugin, [
    configMap('plugin-conf', { 'plugin-config.json': '{}' }),
    deployment(name, labels, 'default', [container], { selector }),
    service(name, selector, [port('tcp', 9443)], { labels }),
  ]);
}

/** The namespace in the spec, or the object's own. */
export function namespaceOf({ metadata, spec }: Kiali): string {
  return spec?.deployment?.namespace ?? metadata.namespace ?? '';
}

function nameOf({ spec }: Kiali, usual: string): string {
  return spec?.deployment?.instance_name ?? usual;
}

function labelsOf(app: string, instance: string, version: string): Labels {
  return {
    app,
    'app.kubernetes.io/name': app,
    'app.kubernetes.io/instance': instance,
    'app.kubernetes.io/part-of': app,
    'app.kubernetes.io/version': `v${version}`,
    version: `v${version}`,
  };
}

/** Makes the Kiali the owner of the objects in its namespace. */
function placed(owner: Kiali, objects: readonly AnyObject[]): readonly AnyObject[] {
  const { apiVersion, kind, metadata } = owner;
  const namespace = namespaceOf(owner);
  const reference = { apiVersion, kind, name: metadata.name, uid: metadata.uid ?? '' };
  const owners = namespace === metadata.namespace ? { ownerReferences: [reference] } : {};
  return objects.map((object) => ({ ...object, metadata: { ...object.metadata, namespace, ...owners } }));
}
