/** Steps, pods and kinds for the tests of verbs on a cluster in this process. */

import assert from 'node:assert/strict';
import https from 'node:https';
import { createServerCertificate } from '../../certificates/server.ts';
import { portOf } from '../../model/ports.ts';
import { StepFailure } from '../../steps/failure.ts';
import type { ReadyStep } from '../../steps/ready.ts';
import type { TestCluster } from './cluster.ts';

export const at = { file: '/lab/01-a.yaml', line: 7, column: 9 };
export const base = { at, title: 'a step', yaml: '' };
export const PODS = '/api/v1/namespaces/default/pods';

/** The error that the step throws, which must be a finding about the lab. */
export async function failureOf(playing: Promise<void>): Promise<StepFailure> {
  const error: unknown = await playing.then(
    () => assert.fail('the step held'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof StepFailure)) throw error;
  return error;
}

export const pod = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, labels: { app: 'shop' } },
  spec: { containers: [{ name: 'web', image: 'shop' }] },
});

/** A kubelet that only serves the container's log. */
export async function withKubelet(cluster: TestCluster, log: string): Promise<() => void> {
  const kubelet = https.createServer(await createServerCertificate(), (_, response) => response.end(log));
  await new Promise<void>((resolve) => kubelet.listen(0, '127.0.0.1', resolve));
  const port = portOf(kubelet);
  await cluster.send('POST', '/api/v1/nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n' } });
  await cluster.send('PATCH', '/api/v1/nodes/n/status', {
    status: {
      addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
      daemonEndpoints: { kubeletEndpoint: { Port: port } },
    },
  });
  return () => kubelet.close();
}

export const readyStep = (over: Partial<ReadyStep> = {}): ReadyStep => ({
  ...base,
  verb: 'ready',
  target: { kind: 'pods', namespace: 'default', selector: 'app=shop' },
  within: 2_000,
  ...over,
});

/** Defines a kind whose objects may have any field. */
export async function define(cluster: TestCluster, apiVersion: string, kind: string, more: object = {}): Promise<void> {
  const [group = '', version = ''] = apiVersion.split('/');
  const plural = `${kind.toLowerCase()}s`;
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  await cluster.send('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind, plural, singular: kind.toLowerCase() },
      versions: [{ name: version, served: true, storage: true, schema, ...more }],
    },
  });
}
