/** ConfigMaps and Secrets: keys, size, the data that a Secret's type requires, and `immutable: true`. */
import { fields, text } from '../../../model/fields.ts';
import { equal } from '../json.ts';
import type { StatusCause } from '../status.ts';
import type { ApiObject } from '../types.ts';
import { forbiddenField, immutable, invalidFor, invalidValue, nonNegative, required, tooLong } from './causes.ts';
import { configKeyProblems } from './names.ts';

const LARGEST = 1_048_576;
const ACCOUNT = 'kubernetes.io/service-account.name';
const FIXED = 'field is immutable when `immutable` is set';

export function configMapCauses(object: ApiObject, old: ApiObject | undefined): StatusCause[] {
  const [data, binary] = [fields(object['data']), fields(object['binaryData'])];
  const size = [
    ...Object.values(data).map((one) => Buffer.byteLength(text(one))),
    ...Object.values(binary).map(decoded),
  ];
  return [
    ...fixedCauses(object, old),
    ...keyCauses(data, 'data'),
    ...Object.keys(data)
      .filter((key) => binary[key] !== undefined)
      .map((key) => invalidValue(`data[${key}]`, key, 'duplicate of key present in binaryData')),
    ...keyCauses(binary, 'binaryData'),
    ...(sum(size) > LARGEST ? [tooLong('', LARGEST)] : []),
  ];
}

export function secretCauses(object: ApiObject, old: ApiObject | undefined): StatusCause[] {
  const data = fields(object['data']);
  return [
    ...(old !== undefined && object['type'] !== old['type'] ? [immutable('type', object['type'])] : []),
    ...fixedCauses(object, old),
    ...keyCauses(data, 'data'),
    ...(sum(Object.values(data).map(decoded)) > LARGEST ? [tooLong('data', LARGEST)] : []),
    ...typeCauses(object, data),
  ];
}

function keyCauses(data: Record<string, unknown>, field: string): StatusCause[] {
  return Object.keys(data).flatMap((key) => invalidFor(`${field}[${key}]`, key, configKeyProblems(key)));
}

function fixedCauses(object: ApiObject, old: ApiObject | undefined): StatusCause[] {
  if (old?.['immutable'] !== true) return [];
  return [
    ...(object['immutable'] === true ? [] : [forbiddenField('immutable', FIXED)]),
    ...['data', 'binaryData']
      .filter((field) => !equal(object[field] ?? {}, old[field] ?? {}))
      .map((field) => forbiddenField(field, FIXED)),
  ];
}

function typeCauses(object: ApiObject, data: Record<string, unknown>): StatusCause[] {
  const lacking = (...keys: readonly string[]): string[] => keys.filter((key) => data[key] === undefined);
  const needed = (keys: readonly string[]): StatusCause[] => keys.map((key) => required(`data[${key}]`));
  switch (object['type']) {
    case 'kubernetes.io/tls':
      return needed(lacking('tls.crt', 'tls.key'));
    case 'kubernetes.io/ssh-auth':
      return needed(['ssh-privatekey'].filter((key) => text(data[key]) === ''));
    case 'kubernetes.io/basic-auth': {
      const missing = lacking('username', 'password');
      return missing.length === 2 ? needed(missing) : [];
    }
    case 'kubernetes.io/dockercfg':
      return jsonCauses(data, '.dockercfg');
    case 'kubernetes.io/dockerconfigjson':
      return jsonCauses(data, '.dockerconfigjson');
    case 'kubernetes.io/service-account-token':
      return text(object.metadata.annotations?.[ACCOUNT]) === '' ? [required(`metadata.annotations[${ACCOUNT}]`)] : [];
    default:
      return [];
  }
}

function jsonCauses(data: Record<string, unknown>, key: string): StatusCause[] {
  const field = `data[${key}]`;
  if (data[key] === undefined) return [required(field)];
  try {
    JSON.parse(Buffer.from(text(data[key]), 'base64').toString());
    return [];
  } catch (error) {
    return [invalidValue(field, '<secret contents redacted>', error instanceof SyntaxError ? 'invalid JSON' : '')];
  }
}

function decoded(base64: unknown): number {
  return Buffer.byteLength(text(base64), 'base64');
}

function sum(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total + size, 0);
}

export function leaseCauses(lease: ApiObject): StatusCause[] {
  const { leaseDurationSeconds: seconds, leaseTransitions } = fields(lease['spec']);
  return [
    ...(typeof seconds === 'number' && seconds <= 0
      ? [invalidValue('spec.leaseDurationSeconds', seconds, 'must be greater than 0')]
      : []),
    ...nonNegative('spec.leaseTransitions', leaseTransitions),
  ];
}
