/** Label and field selectors, in query strings and in objects. */

import { at, items, recordsAt, text, textMap } from '../../../model/fields.ts';
import { matches } from '../../labels/selector.ts';
import { badRequest } from '../status.ts';
import type { ApiObject } from '../types.ts';

export type Matcher = (object: ApiObject) => boolean;
type LabelTest = (labels: Record<string, string>) => boolean;

const NAME = '[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?';
const KEY = `([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?${NAME}`;
const SET = new RegExp(String.raw`^(${KEY})\s+(in|notin)\s*\(([^)]*)\)$`);
const EQUALITY = new RegExp(String.raw`^(${KEY})\s*(==|=|!=)\s*(${NAME})?$`);
const COMPARISON = new RegExp(String.raw`^(${KEY})\s*([<>])\s*(-?\d+)$`);
const EXISTS = new RegExp(String.raw`^(!?)\s*(${KEY})$`);

/** The matcher for the selectors in a query, `undefined` without any. @throws {StatusError} BadRequest. */
export function selection(
  query: URLSearchParams,
  storage: string,
  selectable: readonly string[] = SELECTABLE[storage] ?? [],
): Matcher | undefined {
  const [labels, asked] = [query.get('labelSelector') ?? '', query.get('fieldSelector') ?? ''];
  const tests: Matcher[] = [];
  if (labels !== '') tests.push(labelSelector(labels));
  if (asked !== '') tests.push(fieldSelector(asked, selectable));
  return tests.length === 0 ? undefined : (object) => tests.every((test) => test(object));
}

/** `a=b,c in (d,e),!f`. @throws {StatusError} BadRequest when it cannot be parsed. */
function labelSelector(selector: string): Matcher {
  const tests = splitTopLevel(selector).map(labelTest);
  return (object) => {
    const labels = object.metadata.labels ?? {};
    return tests.every((test) => test(labels));
  };
}

function splitTopLevel(selector: string): string[] {
  return selector
    .split(/,(?![^(]*\))/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function labelTest(part: string): LabelTest {
  const set = SET.exec(part);
  if (set !== null) {
    const key = set[1] ?? '';
    const values = new Set((set[6] ?? '').split(',').map((value) => value.trim()));
    const wanted = set[5] === 'in';
    return (labels) => (labels[key] !== undefined && values.has(labels[key])) === wanted;
  }
  const equality = EQUALITY.exec(part);
  if (equality !== null) {
    const key = equality[1] ?? '';
    const value = equality[6] ?? '';
    return equality[5] === '!=' ? (labels) => labels[key] !== value : (labels) => labels[key] === value;
  }
  const comparison = COMPARISON.exec(part);
  if (comparison !== null) {
    const [key = '', more, bound] = [comparison[1], comparison[5] === '>', Number(comparison[6])];
    return (labels) => {
      const value = /^-?\d+$/.test(labels[key] ?? '') ? Number(labels[key]) : Number.NaN;
      return more ? value > bound : value < bound;
    };
  }
  const exists = EXISTS.exec(part);
  if (exists === null) throw badRequest(`unable to parse requirement: invalid label selector "${part}"`);
  const key = exists[2] ?? '';
  return exists[1] === '!' ? (labels) => labels[key] === undefined : (labels) => labels[key] !== undefined;
}

/**
 * @param selector a stored LabelSelector. An empty or absent one matches everything.
 * @param labels an object's labels.
 */
export function matchesSelector(selector: unknown, labels: unknown): boolean {
  const expressions = recordsAt(selector, 'matchExpressions');
  return matches(
    {
      matchLabels: textMap(at(selector, 'matchLabels')),
      matchExpressions: expressions.map(({ key, operator, values }) => ({
        key: text(key),
        operator: text(operator),
        values: items(values).map(text),
      })),
    },
    textMap(labels),
  );
}

/** The fields that field selectors support besides `metadata.name` and `metadata.namespace`, by storage. */
const SELECTABLE: Readonly<Record<string, readonly string[]>> = {
  '/pods': [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'status.phase',
    'status.podIP',
    'status.nominatedNodeName',
    'spec.hostNetwork',
  ],
  '/events': [
    'involvedObject.kind',
    'involvedObject.namespace',
    'involvedObject.name',
    'involvedObject.uid',
    'involvedObject.apiVersion',
    'involvedObject.resourceVersion',
    'involvedObject.fieldPath',
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
  '/namespaces': ['status.phase'],
  '/nodes': ['spec.unschedulable'],
  '/secrets': ['type'],
  '/services': ['spec.clusterIP', 'spec.type'],
  '/replicationcontrollers': ['status.replicas'],
  'apps/replicasets': ['status.replicas'],
  'batch/jobs': ['status.successful'],
  'certificates.k8s.io/certificatesigningrequests': ['spec.signerName'],
};

/** The values of absent fields in Go's types, when that is not the empty string. */
const ABSENT: Readonly<Record<string, string>> = {
  'status.replicas': '0',
  'status.successful': '0',
  'spec.unschedulable': 'false',
  'spec.hostNetwork': 'false',
};

/** `metadata.name=x,status.phase!=Running`. @throws {StatusError} BadRequest for a field that is not supported. */
function fieldSelector(selector: string, selectable: readonly string[]): Matcher {
  const tests = selector
    .split(',')
    .filter((part) => part.trim() !== '')
    .map((part) => fieldTest(part.trim(), selectable));
  return (object) => tests.every((test) => test(object));
}

function fieldTest(part: string, selectable: readonly string[]): Matcher {
  const found = /^([^=!]+)(==|=|!=)(.*)$/.exec(part);
  if (found === null) throw badRequest(`invalid selector: '${part}'; can't understand '${part}'`);
  const [, field = '', operator, value = ''] = found;
  const known = field === 'metadata.name' || field === 'metadata.namespace' || selectable.includes(field);
  if (!known) {
    const names = ['metadata.name', 'metadata.namespace'].map((name) => JSON.stringify(name)).join(', ');
    throw badRequest(
      selectable.length === 0
        ? `${JSON.stringify(field)} is not a known field selector: only ${names}`
        : `field label not supported: ${field}`,
    );
  }
  const path = field === 'source' ? ['source', 'component'] : field.split('.');
  const wanted = operator !== '!=';
  return (object) => (String(at(object, ...path) ?? ABSENT[field] ?? '') === value) === wanted;
}
