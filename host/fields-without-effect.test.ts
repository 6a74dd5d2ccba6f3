import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApiObject } from '../kube/types.ts';
import { FieldsWithoutEffect } from './fields-without-effect.ts';

const EVENTS = { apiVersion: 'v1', kind: 'Event', plural: 'events', namespaced: true };

function eventAbout(name: string, involvedObject: object): ApiObject {
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name, namespace: 'shop' },
    ...{ involvedObject, message: 'it has no effect' },
  };
}

test('each field without effect is reported once', async () => {
  const web = { kind: 'Deployment', namespace: 'shop', name: 'web' };
  const kept = [eventAbout('a', { ...web, fieldPath: 'spec.template.spec.affinity' })];
  const api = { resolveObject: async () => EVENTS, list: async () => ({ items: kept, resourceVersion: '1' }) };
  const fields = new FieldsWithoutEffect();
  assert.deepEqual(await fields.next(api), ['Deployment shop/web: spec.template.spec.affinity']);
  kept.push(eventAbout('b', { kind: 'PriorityClass', name: 'high' }));
  assert.deepEqual(await fields.next(api), ['PriorityClass high: it has no effect']);
  assert.deepEqual(await fields.next(api), []);
});
