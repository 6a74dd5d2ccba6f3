/** Nothing is accepted and then ignored: what labs set in the mesh's kinds (`testing/effects.yaml`) acts or is told. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { load } from 'js-yaml';
import { mergePatch } from '../api/patch/merge.ts';
import type { KubeObject } from '../client/client.ts';
import { MESH_KINDS, refusal, unsupportedIn } from './kinds/index.ts';
import type { Pod } from './model/kubernetes.ts';
import { type ProxyContext, proxyOf } from './model/proxy-context.ts';
import { pushOf } from './testing/push.ts';
import { snapshotFor } from './translate/snapshot.ts';

type Spec = Readonly<Record<string, unknown>>;
interface Effects {
  readonly namespace?: string;
  readonly base: Spec;
  readonly fields: Readonly<Record<string, Spec>>;
}

const EFFECTS = load(readFileSync(new URL('testing/effects.yaml', import.meta.url), 'utf8')) as Record<string, Effects>;
const ROOT = 'istio-system';
const NETWORKING = 'networking.istio.io/v1beta1';

function core(kind: string, namespace: string, name: string, rest: object): KubeObject {
  return { apiVersion: 'v1', kind, metadata: { name, namespace }, ...rest };
}

function pod(namespace: string, name: string, labels: Record<string, string>, ip: string): Pod {
  const containers = [{ name: 'app', ports: [{ containerPort: 8111 }] }];
  return {
    ...core('Pod', namespace, name, { spec: { containers }, status: { podIP: ip } }),
    metadata: { name, namespace, labels },
  } as Pod;
}

function service(
  namespace: string,
  name: string,
  ip: string,
  target: string,
  ...ports: readonly number[]
): KubeObject[] {
  const named = ports.map((port) => ({ name: `http-${port}`, port, targetPort: port }));
  const addresses = [{ ip: '10.2.0.1', targetRef: { name: target } }];
  return [
    core('Service', namespace, name, { spec: { clusterIP: ip, ports: named, selector: { state: target } } }),
    core('Endpoints', namespace, name, {
      subsets: [{ addresses, ports: named.map(({ name: port, port: number }) => ({ name: port, port: number })) }],
    }),
  ];
}

const PODS = [
  pod('orchard', 'ripe', { state: 'ripe', app: 'apple' }, '10.2.0.1'),
  pod('orchard', 'green', { state: 'green', app: 'apple' }, '10.2.0.2'),
  pod('garden', 'pear', { app: 'pear' }, '10.2.0.3'),
];
const GATES = [
  pod(ROOT, 'gate', { gate: 'north' }, '10.2.0.4'),
  pod(ROOT, 'other-gate', { gate: 'south' }, '10.2.0.5'),
];
const PROXIES: readonly ProxyContext[] = [
  ...PODS.map((one) => proxyOf(one, 'sidecar')),
  ...GATES.map((one) => proxyOf(one, 'router')),
];
const server = { port: { number: 8080, name: 'http', protocol: 'HTTP' }, hosts: ['*'] };
const WORLD: readonly KubeObject[] = [
  ...PODS,
  ...GATES,
  ...service('orchard', 'fruit', '10.9.0.1', 'ripe', 8111),
  ...service('orchard', 'nuts', '10.9.0.2', 'green', 8111, 9000),
  ...service('orchard', 'keys', '10.9.0.3', 'ripe', 80),
  ...service('garden', 'grass', '10.9.0.4', 'pear', 8112),
  {
    apiVersion: NETWORKING,
    kind: 'DestinationRule',
    metadata: { name: 'out', namespace: 'orchard' },
    ...{ spec: { host: 'out.example.test', subsets: [{ name: 'ripe', labels: { state: 'ripe' } }] } },
  },
  core('Secret', ROOT, 'a', { data: { 'tls.crt': 'YQ==', 'tls.key': 'YQ==', 'ca.crt': 'YQ==' } }),
  {
    apiVersion: NETWORKING,
    kind: 'Gateway',
    metadata: { name: 'north', namespace: ROOT },
    ...{ spec: { selector: { gate: 'north' }, servers: [server] } },
  },
  ...['a.test', 'b.test'].map((host) => ({
    apiVersion: NETWORKING,
    kind: 'VirtualService',
    metadata: { name: `at-${host}`, namespace: 'garden' },
    ...{
      spec: {
        hosts: [host],
        gateways: [`${ROOT}/under-test`],
        http: [{ route: [{ destination: { host: 'fruit.orchard.svc.cluster.local' } }] }],
        tcp: [{ route: [{ destination: { host: 'nuts.orchard.svc.cluster.local' } }] }],
        tls: [{ match: [{ sniHosts: [host] }], route: [{ destination: { host: 'nuts.orchard.svc.cluster.local' } }] }],
      },
    },
  })),
];

/** What all proxies get with the object. */
function configuration(object: KubeObject): string {
  const push = pushOf(ROOT, [...WORLD, object]);
  return JSON.stringify(PROXIES.map((proxy) => snapshotFor(push, proxy)));
}

for (const [kind, { namespace = 'orchard', base, fields }] of Object.entries(EFFECTS)) {
  test(`${kind}: each of ${Object.keys(fields).length} fields acts, gives a warning, or is refused`, () => {
    const of = MESH_KINDS.find(({ resource }) => resource.kind === kind);
    assert.ok(of !== undefined, `${kind} is a kind of the mesh`);
    const made = (spec: unknown): KubeObject => ({
      apiVersion: of.resource.apiVersion,
      kind,
      metadata: { name: 'under-test', namespace },
      ...{ spec },
    });
    assert.equal(refusal(made(base)), undefined);
    const ignored = Object.entries(fields).flatMap(([name, field]) => {
      const [from, to] =
        'to' in field
          ? [mergePatch(base, field['from']), mergePatch(base, field['to'])]
          : [base, mergePatch(base, field)];
      const [before, after] = [made(from), made(to)];
      const already = of.fields.kind === undefined ? unsupportedIn(before) : [];
      const told = unsupportedIn(after).filter((one) => !already.includes(one));
      if (refusal(after) !== undefined || told.length > 0) return [];
      return configuration(before) === configuration(after) ? [name] : [];
    });
    assert.deepEqual(ignored, []);
  });
}
