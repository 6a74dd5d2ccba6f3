import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import test from 'node:test';
import { loadAll } from 'js-yaml';
import { startApiServer } from '../../../sandbox/api/index.ts';
import { Client, type KubeObject, type Resource, resource } from '../../../sandbox/client/client.ts';
import { Informer } from '../../../sandbox/client/informer.ts';
import { Informers } from '../../../sandbox/client/informers.ts';
import type { SandboxContext } from '../../../sandbox/component.ts';
import { ENVOY_FILTER } from '../../../sandbox/mesh/kinds/envoy-filter.ts';
import { DESTINATION_RULES } from '../../../sandbox/mesh/model/destination-rule.ts';
import { NAMESPACES } from '../../../sandbox/mesh/model/kubernetes.ts';
import { StatusReporters } from '../../../sandbox/mesh/status.ts';

interface Judged extends KubeObject {
  readonly status?: { readonly conditions?: readonly { readonly status: string; readonly message: string }[] };
}

const CRDS = resource<KubeObject>(
  'apiextensions.k8s.io/v1',
  'CustomResourceDefinition',
  'customresourcedefinitions',
  'cluster',
);

/** A real API server with the real CRDs, to test that a status is stored. */
async function cluster(t: test.TestContext): Promise<SandboxContext> {
  const server = await startApiServer({
    internal: { host: '127.0.0.1', port: 0 },
    tokens: new Map(),
    serviceCidr: '172.30.0.0/16',
  });
  t.after(() => server.stop());
  const client = new Client(server.url);
  for (const file of ['istio-networking.yaml', 'istio-security.yaml']) {
    const text = await readFile(new URL(`../../../schemas/crds/${file}`, import.meta.url), 'utf8');
    for (const crd of loadAll(text)) await client.create(CRDS, crd as KubeObject);
  }
  await client.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'orchard' } });
  const settings = {
    ...{ name: 't', directory: '', appsDomain: '', release: '', images: [], envoy: '', serviceCidr: '', podCidr: '' },
    ...{
      nodeAddress: '',
      nodes: [],
      xdsSocket: '',
      tls: { key: '', cert: '', authority: '' },
      api: { url: server.url },
    },
  };
  return { client, informers: new Informers(client, () => undefined), settings, log: () => {} };
}

async function judgement<T extends Judged>(
  { client }: SandboxContext,
  of: Resource<T>,
  name: string,
): Promise<string | undefined> {
  const signal = AbortSignal.timeout(5_000);
  const { resourceVersion, items } = await client.list(of);
  const said = (object: T): string | undefined => object.status?.conditions?.[0]?.message;
  const now = items.find(({ metadata }) => metadata.name === name);
  if (now !== undefined && said(now) !== undefined) return said(now);
  for await (const { type, object } of client.watch(of, { resourceVersion, signal }))
    if (type !== 'ERROR' && object.metadata.name === name && said(object) !== undefined) return said(object);
  return undefined;
}

/** Reports on one kind until the test ends. */
async function report(t: test.TestContext, context: SandboxContext, of: Resource): Promise<void> {
  const informer = new Informer(context.client, of);
  const reporter = new StatusReporters(context, { rejection: () => undefined, proxies: () => undefined });
  reporter.follow(informer);
  t.after(async () => {
    await reporter.stop();
    await informer.stop();
  });
  await informer.start();
}

test('a rule with an unsupported setting says so in its status until it is fixed', async (t) => {
  const context = await cluster(t);
  await report(t, context, DESTINATION_RULES);
  await context.client.create(DESTINATION_RULES, {
    apiVersion: DESTINATION_RULES.apiVersion,
    kind: 'DestinationRule',
    metadata: { name: 'cider', namespace: 'orchard' },
    spec: {
      host: 'cider',
      trafficPolicy: { tls: { mode: 'MUTUAL', clientCertificate: '/tls/cert', privateKey: '/tls/key' } },
    },
  });
  assert.match((await judgement(context, DESTINATION_RULES, 'cider')) ?? 'nothing', /come from the Secret/);
  const mended = { spec: { trafficPolicy: { tls: { mode: 'SIMPLE', clientCertificate: null, privateKey: null } } } };
  await context.client.patch(DESTINATION_RULES, 'cider', 'orchard', mended);
  const signal = AbortSignal.timeout(5_000);
  const { resourceVersion, items } = await context.client.list<Judged>(DESTINATION_RULES);
  const said = (rule: Judged | undefined): number => rule?.status?.conditions?.length ?? 0;
  if (said(items[0]) === 0) return;
  for await (const { type, object } of context.client.watch<Judged>(DESTINATION_RULES, { resourceVersion, signal }))
    if (type !== 'ERROR' && said(object) === 0) return;
  assert.fail('the condition stays');
});

test('a rule of a kind without effect says so in its status and in the log', async (t) => {
  const context = await cluster(t);
  const logged: string[] = [];
  const { resource: of } = ENVOY_FILTER;
  await report(t, { ...context, log: (_component, message) => logged.push(message) }, of);
  await context.client.create(of, {
    apiVersion: of.apiVersion,
    kind: of.kind,
    metadata: { name: 'lua', namespace: 'orchard' },
  });
  assert.match((await judgement(context, of as Resource<Judged>, 'lua')) ?? 'nothing', /EnvoyFilter has no effect/);
  assert.match(logged.join(), /EnvoyFilter orchard\/lua/);
});
