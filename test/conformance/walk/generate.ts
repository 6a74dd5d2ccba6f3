/** A random walk: calls that do not depend on earlier answers, so that both servers get the same ones. */

import { Random, someFields } from '../../support/random.ts';
import type { Call } from '../api/call.ts';
import { objectOf, WALKED, type WalkedKind } from './bodies.ts';

const NAMES = ['a', 'b', 'c', 'd'];
const TYPES = {
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  json: 'application/json-patch+json',
  apply: 'application/apply-patch+yaml',
};

export interface WalkedCall extends Call {
  /** The operation, such as `apply Deployment`; shown when answers differ. */
  readonly step: string;
}

export function walk(seed: number, length: number): WalkedCall[] {
  const random = new Random(seed);
  return Array.from({ length }, (_, index) => ({ ...nextCall(random), what: String(index) }));
}

function nextCall(random: Random): Omit<WalkedCall, 'what'> {
  const of = random.pick(WALKED);
  const name = random.pick(NAMES);
  const root = of.apiVersion === 'v1' ? '/api/v1' : `/apis/${of.apiVersion}`;
  const list = `${root}/namespaces/{ns}/${of.plural}`;
  const one = `${list}/${name}`;
  const query = random.chance(0.1) ? '?dryRun=All' : random.chance(0.1) ? '?fieldValidation=Strict' : '';
  const step = random.pick([
    'create',
    'create',
    'get',
    'list',
    'replace',
    'merge',
    'strategic',
    'json',
    'apply',
    'apply',
    'delete',
  ] as const);
  const told = `${step} ${of.kind}`;
  switch (step) {
    case 'create':
      return { step: told, method: 'POST', path: list + query, body: objectOf(of, name, random) };
    case 'get':
      return { step: told, method: 'GET', path: one, headers: accept(random) };
    case 'list':
      return { step: told, method: 'GET', path: list + selector(random), headers: accept(random) };
    case 'replace':
      return { step: told, method: 'PUT', path: one + query, body: objectOf(of, name, random) };
    case 'merge':
    case 'strategic':
      return {
        step: told,
        method: 'PATCH',
        path: one + query,
        headers: { 'content-type': TYPES[step] },
        body: partOf(of, random),
      };
    case 'json':
      return {
        step: told,
        method: 'PATCH',
        path: one + query,
        headers: { 'content-type': TYPES.json },
        body: [operation(random)],
      };
    case 'apply': {
      const force = random.chance(0.3) ? '&force=true' : '';
      const path = `${one}?fieldManager=${random.pick(['first', 'second'])}${force}`;
      return {
        step: told,
        method: 'PATCH',
        path,
        headers: { 'content-type': TYPES.apply },
        body: objectOf(of, name, random),
      };
    }
    case 'delete':
      return { step: told, method: 'DELETE', path: one + (query === '?dryRun=All' ? query : '') };
  }
}

function accept(random: Random): Record<string, string> {
  return random.chance(0.2)
    ? {
        accept:
          'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io,application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io',
      }
    : {};
}

function selector(random: Random): string {
  return random.pick([
    '',
    '?labelSelector=app%3Dweb',
    '?labelSelector=tier',
    '?labelSelector=!app',
    '?fieldSelector=metadata.name%3Da',
    '?limit=2',
    '?labelSelector=app+in+(web,x)',
  ]);
}

/** A patch that sets some of an object's fields and removes others. */
function partOf(of: WalkedKind, random: Random): object {
  const { metadata, ...body } = Object(objectOf(of, 'a', random));
  const { labels, annotations } = metadata;
  return {
    ...someFields(
      random,
      {
        metadata: random.pick([{ labels, annotations }, { labels: null }, { labels: { tier: null, more: '1' } }]),
        ...body,
      },
      0.7,
    ),
  };
}

function operation(random: Random): object {
  return random.pick([
    { op: 'add', path: '/metadata/labels', value: { app: 'web' } },
    { op: 'add', path: '/metadata/labels/tier', value: 'back' },
    { op: 'remove', path: '/metadata/labels/app' },
    { op: 'replace', path: '/metadata/annotations/note', value: 'z' },
    { op: 'test', path: '/metadata/name', value: 'a' },
    { op: 'remove', path: '/metadata/name' },
    { op: 'copy', from: '/metadata/labels', path: '/metadata/annotations' },
  ]);
}
