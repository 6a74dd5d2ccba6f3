/** Metadata every object has: names, what the system sets, and what may not change. */
import { randomBytes, randomUUID } from 'node:crypto';
import { items, records, text, timestamp } from '../json.ts';
import type { Kind } from '../registry/kind.ts';
import type { StatusCause } from '../status.ts';
import type { ApiObject } from '../types.ts';

const SUFFIX = 'bcdfghjklmnpqrstvwxz2456789';

/** A name from `generateName`: five letters that spell nothing, as the real server's. */
export function generatedName(prefix: string): string {
  const letters = [...randomBytes(5)].map((byte) => SUFFIX[byte % SUFFIX.length]).join('');
  return `${prefix.slice(0, 58)}${letters}`;
}

export function stampNew(object: ApiObject): void {
  const { metadata } = object;
  metadata.uid = randomUUID();
  metadata.creationTimestamp = timestamp();
  delete metadata.deletionTimestamp;
  delete metadata.deletionGracePeriodSeconds;
  delete metadata['selfLink'];
  delete metadata.resourceVersion;
}

/** What a client may not change is taken from the object before. */
export function keepSystemFields(object: ApiObject, old: ApiObject): void {
  const { metadata } = object;
  delete metadata['selfLink'];
  for (const field of [
    'uid',
    'creationTimestamp',
    'deletionTimestamp',
    'deletionGracePeriodSeconds',
    'generation',
    'generateName',
  ]) {
    if (old.metadata[field] === undefined) delete metadata[field];
    else metadata[field] = old.metadata[field];
  }
  if (metadata.managedFields === undefined && old.metadata.managedFields !== undefined)
    metadata.managedFields = old.metadata.managedFields;
}

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const QUALIFIED = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;

export const SUBDOMAIN_MESSAGE =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
export const LABEL_MESSAGE =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const LABEL_1035_MESSAGE =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
const LABEL_VALUE_MESSAGE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const QUALIFIED_MESSAGE =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

export function invalidValue(field: string, value: unknown, why: string): StatusCause {
  return { reason: 'FieldValueInvalid', message: `Invalid value: ${JSON.stringify(value)}: ${why}`, field };
}

export function required(field: string, why = ''): StatusCause {
  return { reason: 'FieldValueRequired', message: `Required value${why === '' ? '' : `: ${why}`}`, field };
}

export function unsupported(field: string, value: unknown, supported: readonly string[]): StatusCause {
  const list = supported.map((one) => JSON.stringify(one)).join(', ');
  return {
    reason: 'FieldValueNotSupported',
    message: `Unsupported value: ${JSON.stringify(value)}: supported values: ${list}`,
    field,
  };
}

export function isLabelName(value: string): boolean {
  return value.length <= 63 && LABEL.test(value);
}

function nameCauses(kind: Kind, name: string): StatusCause[] {
  const field = 'metadata.name';
  if (name === '') return [required(field, 'name or generateName is required')];
  if (kind.group === 'rbac.authorization.k8s.io')
    return /[/%]/.test(name) ? [invalidValue(field, name, "may not contain '/'")] : [];
  if (kind.plural === 'services') {
    return /^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(name) && name.length <= 63
      ? []
      : [invalidValue(field, name, LABEL_1035_MESSAGE)];
  }
  if (kind.plural === 'namespaces') return isLabelName(name) ? [] : [invalidValue(field, name, LABEL_MESSAGE)];
  if (name.length > 253) return [invalidValue(field, name, 'must be no more than 253 characters')];
  return SUBDOMAIN.test(name) ? [] : [invalidValue(field, name, SUBDOMAIN_MESSAGE)];
}

/** Key and value of labels below `field`. */
export function labelCauses(labels: unknown, field: string): StatusCause[] {
  const causes: StatusCause[] = [];
  for (const [key, value] of Object.entries((labels ?? {}) as Record<string, unknown>)) {
    const name = key.slice(key.indexOf('/') + 1);
    if (!QUALIFIED.test(name) || name.length > 63) causes.push(invalidValue(field, key, QUALIFIED_MESSAGE));
    const label = text(value);
    if (label.length > 63) causes.push(invalidValue(field, label, 'must be no more than 63 characters'));
    else if (label !== '' && !QUALIFIED.test(label)) causes.push(invalidValue(field, label, LABEL_VALUE_MESSAGE));
  }
  return causes;
}

export function metadataCauses(kind: Kind, object: ApiObject): StatusCause[] {
  const { metadata } = object;
  // Kubernetes asks this of its own kinds alone, not of those that extend it.
  const extension = kind.schema.merge === undefined || kind.group === 'apiextensions.k8s.io';
  const finalizers = extension
    ? []
    : items(metadata.finalizers).filter(
        (one) => !text(one).includes('/') && !['foregroundDeletion', 'orphan', 'kubernetes'].includes(text(one)),
      );
  return [
    ...nameCauses(kind, text(metadata.name)),
    ...labelCauses(metadata.labels, 'metadata.labels'),
    ...records(metadata.ownerReferences)
      .filter((owner) => text(owner['uid']) === '')
      .map(() => invalidValue('metadata.ownerReferences.uid', '', 'must not be empty')),
    ...finalizers.map((one) =>
      invalidValue(
        `metadata.finalizers[${items(metadata.finalizers).indexOf(one)}]`,
        one,
        'name is neither a standard finalizer name nor is it fully qualified',
      ),
    ),
  ];
}
