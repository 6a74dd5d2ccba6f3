/** Metadata of every object: names, fields that the system sets, and fields that cannot change. */

import { randomBytes, randomUUID } from 'node:crypto';
import { type Fields, items, records, text } from '../../../model/fields.ts';
import { timestamp } from '../json.ts';
import type { Kind } from '../registry/kind.ts';
import type { StatusCause } from '../status.ts';
import type { ApiObject } from '../types.ts';
import { invalidFor, invalidValue, required, tooLong } from '../validation/causes.ts';
import { annotationCauses, labelCauses } from '../validation/labels.ts';
import { subdomainProblems } from '../validation/names.ts';

const SUFFIX = 'bcdfghjklmnpqrstvwxz2456789';

/** A name from `generateName`. Like the real server, it adds five characters without vowels, so that they spell no words. */
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

/** Restores the fields that a client cannot change from the old object. */
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

function nameCauses(kind: Kind, name: string): StatusCause[] {
  const field = 'metadata.name';
  if (name === '') return [required(field, 'name or generateName is required')];
  return invalidFor(field, name, (kind.strategy.nameProblems ?? subdomainProblems)(name));
}

const LARGEST_ANNOTATIONS = 262_144;

function annotationsCauses(annotations: Readonly<Record<string, string>> = {}): StatusCause[] {
  const size = Object.entries(annotations)
    .flat()
    .reduce((sum, one) => sum + Buffer.byteLength(text(one)), 0);
  return [
    ...annotationCauses(annotations, 'metadata.annotations'),
    ...(size > LARGEST_ANNOTATIONS ? [tooLong('metadata.annotations', LARGEST_ANNOTATIONS)] : []),
  ];
}

/** Validates the metadata of an object. @returns the causes; an empty list if it is valid. */
export function metadataCauses(kind: Kind, object: ApiObject): StatusCause[] {
  const { metadata } = object;
  // Kubernetes checks this for its own kinds, but not for CRDs and custom resources.
  const extension = kind.custom || kind.group === 'apiextensions.k8s.io';
  const finalizers = extension
    ? []
    : items(metadata.finalizers).filter(
        (one) => !text(one).includes('/') && !['foregroundDeletion', 'orphan', 'kubernetes'].includes(text(one)),
      );
  return [
    ...nameCauses(kind, text(metadata.name)),
    ...labelCauses(metadata.labels, 'metadata.labels'),
    ...annotationsCauses(metadata.annotations),
    ...records(metadata.ownerReferences).flatMap(ownerCauses),
    ...finalizers.map((one) =>
      invalidValue(
        `metadata.finalizers[${items(metadata.finalizers).indexOf(one)}]`,
        one,
        'name is neither a standard finalizer name nor is it fully qualified',
      ),
    ),
  ];
}

/** The real server does not say which of several owners it means. */
function ownerCauses(owner: Fields): StatusCause[] {
  const apiVersion = text(owner['apiVersion']);
  const missing = ['kind', 'name', 'uid'].filter((field) => text(owner[field]) === '');
  return [
    ...(apiVersion === ''
      ? [invalidValue('metadata.ownerReferences.apiVersion', '', 'version must not be empty')]
      : []),
    ...missing.map((field) => invalidValue(`metadata.ownerReferences.${field}`, '', 'must not be empty')),
  ];
}
