/** Checks that a CRD's schema is structural and its defaults are valid (apiextensions-apiserver, pkg/apiserver/schema). */
import { at, type Fields, fields, isRecord, records, recordsAt, text } from '../../../model/fields.ts';
import { equal } from '../json.ts';
import type { StatusCause } from '../status.ts';
import type { ApiObject } from '../types.ts';
import { forbiddenField, invalidValue, required } from '../validation/causes.ts';
import { expressionCauses } from './expressions.ts';
import { keywordCauses } from './keywords.ts';
import { prune } from './structure.ts';
import { validateSchema } from './validate.ts';

const WITHOUT_TYPE = {
  root: 'must not be empty at the root',
  item: 'must not be empty for specified array items',
  field: 'must not be empty for specified object fields',
};
type Level = keyof typeof WITHOUT_TYPE;

/** Keywords that a schema inside `anyOf`, `allOf`, `oneOf` or `not` may not use, with the server's message for each. */
const NOT_NESTED: Readonly<Record<string, string>> = {
  type: 'must be empty to be structural',
  additionalProperties: 'must be undefined to be structural',
  default: 'must be undefined to be structural',
  title: 'must be empty to be structural',
  description: 'must be empty to be structural',
  nullable: 'must be false to be structural',
  'x-kubernetes-preserve-unknown-fields': 'must be false to be structural',
  'x-kubernetes-embedded-resource': 'must be false to be structural',
  'x-kubernetes-int-or-string': 'must be false to be structural',
  'x-kubernetes-list-map-keys': 'must be empty to be structural',
  'x-kubernetes-list-type': 'must be undefined to be structural',
  'x-kubernetes-map-type': 'must be undefined to be structural',
};
const INT_OR_STRING = [{ type: 'integer' }, { type: 'string' }];

/** Checks every version of a CRD. @param old the CRD before the change: unchanged versions are not checked again. */
export function schemaCauses(crd: ApiObject, old: ApiObject | undefined): StatusCause[] {
  const versions = recordsAt(crd, 'spec', 'versions');
  if (equal(at(old, 'spec', 'versions'), versions)) return [];
  return versions.flatMap((version, index) => {
    const schema = at(version, 'schema', 'openAPIV3Schema');
    // Internally, the real server keeps the schema of a single version in `spec.validation`, and its messages show that.
    const holder = versions.length === 1 ? 'spec.validation' : `spec.versions[${index}].schema`;
    return isRecord(schema) ? structuralCauses(schema, `${holder}.openAPIV3Schema`) : [];
  });
}

/** @param path the schema's path in the CRD, e.g. `spec.validation.openAPIV3Schema`. */
function structuralCauses(schema: Fields, path: string, level: Level = 'root'): StatusCause[] {
  return [
    ...keywordCauses(schema, path),
    ...typeCauses(schema, path, level),
    ...nestedCauses(schema, path),
    ...defaultCauses(schema, path),
    ...expressionCauses(schema, path, level === 'root'),
    ...below(schema, path),
  ];
}

function below(schema: Fields, path: string): StatusCause[] {
  const { properties, items, additionalProperties } = schema;
  return [
    ...Object.entries(fields(properties)).flatMap(([key, inside]) =>
      structuralCauses(fields(inside), `${path}.properties[${key}]`, 'field'),
    ),
    ...(isRecord(items) ? structuralCauses(items, `${path}.items`, 'item') : []),
    ...(isRecord(additionalProperties)
      ? structuralCauses(additionalProperties, `${path}.additionalProperties`, 'field')
      : []),
  ];
}

function typeCauses(schema: Fields, path: string, level: Level): StatusCause[] {
  const type = text(schema['type']);
  if (schema['$ref'] !== undefined) return [];
  const embedded = schema['x-kubernetes-embedded-resource'] === true;
  const free = schema['x-kubernetes-int-or-string'] === true || schema['x-kubernetes-preserve-unknown-fields'] === true;
  if (embedded && type !== 'object') {
    const why = 'must be object if x-kubernetes-embedded-resource is true';
    return [type === '' ? required(`${path}.type`, why) : invalidValue(`${path}.type`, type, why)];
  }
  if (type === '' && !free) return [required(`${path}.type`, WITHOUT_TYPE[level])];
  if (level === 'root' && type !== '' && type !== 'object')
    return [invalidValue(`${path}.type`, type, 'must be object at the root')];
  if (type === 'array' && !isRecord(schema['items'])) return [required(`${path}.items`, 'must be specified')];
  return [];
}

function nestedCauses(schema: Fields, path: string): StatusCause[] {
  const allowed = schema['x-kubernetes-int-or-string'] === true;
  const combined = ['anyOf', 'allOf', 'oneOf'].flatMap((word) => {
    if (allowed && word === 'anyOf' && equal(schema[word], INT_OR_STRING)) return [];
    return records(schema[word]).flatMap((one, index) => {
      const { anyOf, ...rest } = one;
      const shown = allowed && word === 'allOf' && index === 0 && equal(anyOf, INT_OR_STRING) ? rest : one;
      return unstructuralCauses(shown, `${path}.${word}[${index}]`);
    });
  });
  const { not } = schema;
  return [...combined, ...(isRecord(not) ? unstructuralCauses(not, `${path}.not`) : [])];
}

function unstructuralCauses(schema: Fields, path: string): StatusCause[] {
  const { items, properties } = schema;
  const own = Object.entries(NOT_NESTED).flatMap(([key, why]) =>
    schema[key] === undefined || schema[key] === false || schema[key] === ''
      ? []
      : [forbiddenField(`${path}.${key}`, why)],
  );
  return [
    ...own,
    ...nestedCauses(schema, path),
    ...Object.entries(fields(properties)).flatMap(([key, inside]) =>
      unstructuralCauses(fields(inside), `${path}.properties[${key}]`),
    ),
    ...(isRecord(items) ? unstructuralCauses(items, `${path}.items`) : []),
  ];
}

function defaultCauses(schema: Fields, path: string): StatusCause[] {
  const standard = schema['default'];
  if (standard === undefined || (standard === null && schema['nullable'] !== true)) return [];
  const field = `${path}.default`;
  const unknown: string[] = [];
  prune(standard, schema, '', unknown, schema['x-kubernetes-embedded-resource'] === true);
  return [
    ...(unknown.length > 0 ? [invalidValue(field, standard, 'must not have unknown fields')] : []),
    // The value has no name of its own in the message.
    ...validateSchema(standard, schema, field).map((cause) => ({
      ...cause,
      message: cause.message.replace(`: ${field} in body`, ':  in body'),
    })),
  ];
}
