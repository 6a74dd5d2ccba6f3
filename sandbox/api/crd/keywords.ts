/** Keywords of a CRD's schema, one by one (apiextensions-apiserver, pkg/apis/apiextensions/validation). */
import { at, type Fields, fields, isRecord, items, text } from '../../../model/fields.ts';
import type { StatusCause } from '../status.ts';
import { forbiddenField, invalidValue, required, unsupported } from '../validation/causes.ts';

const TYPES = ['array', 'boolean', 'integer', 'number', 'object', 'string'];
const LISTS = ['atomic', 'set', 'map'];
const MAPS = ['atomic', 'granular'];
const NOT_SUPPORTED = ['id', 'additionalItems', 'patternProperties', 'definitions', 'dependencies', '$ref'];

export function keywordCauses(schema: Fields, path: string): StatusCause[] {
  const type = text(schema['type']);
  const { properties, additionalProperties: additional } = schema;
  return [
    ...(type === '' || TYPES.includes(type) ? [] : [unsupported(`${path}.type`, type, TYPES)]),
    ...NOT_SUPPORTED.filter((word) => schema[word] !== undefined).map((word) =>
      forbiddenField(`${path}.${word}`, `${word} is not supported`),
    ),
    ...(type === 'null'
      ? [forbiddenField(`${path}.type`, 'type cannot be set to null, use nullable as an alternative')]
      : []),
    ...(schema['uniqueItems'] === true
      ? [
          forbiddenField(
            `${path}.uniqueItems`,
            'uniqueItems cannot be set to true since the runtime complexity becomes quadratic',
          ),
        ]
      : []),
    ...(Object.keys(fields(properties)).length > 0 && (isRecord(additional) || additional === false)
      ? [forbiddenField(`${path}.additionalProperties`, 'additionalProperties and properties are mutual exclusive')]
      : []),
    ...mapTypeCauses(schema, path),
    ...listTypeCauses(schema, path),
    ...patternCauses(schema, path),
  ];
}

function mapTypeCauses(schema: Fields, path: string): StatusCause[] {
  const kind = schema['x-kubernetes-map-type'];
  if (kind === undefined) return [];
  return [
    ...wrongType(schema, path, 'object', 'x-kubernetes-map-type'),
    ...(MAPS.includes(text(kind)) ? [] : [unsupported(`${path}.x-kubernetes-map-type`, kind, MAPS)]),
  ];
}

function wrongType(schema: Fields, path: string, wanted: string, word: string): StatusCause[] {
  const type = text(schema['type']);
  const why = `must be ${wanted} if ${word} is specified`;
  if (type === wanted) return [];
  return [type === '' ? required(`${path}.type`, why) : invalidValue(`${path}.type`, type, why)];
}

function listTypeCauses(schema: Fields, path: string): StatusCause[] {
  const kind = schema['x-kubernetes-list-type'];
  const field = `${path}.x-kubernetes-list-type`;
  const keys = items(schema['x-kubernetes-list-map-keys']).map(text);
  const why = 'must be map if x-kubernetes-list-map-keys is non-empty';
  if (kind === undefined) return keys.length === 0 ? [] : [required(field, why)];
  return [
    ...wrongType(schema, path, 'array', 'x-kubernetes-list-type'),
    ...(LISTS.includes(text(kind)) ? [] : [unsupported(field, kind, LISTS)]),
    ...(keys.length > 0 && kind !== 'map' ? [invalidValue(field, kind, why)] : []),
    ...(kind === 'map' ? mapListCauses(fields(schema['items']), keys, path) : []),
  ];
}

/** @param item the schema of the list's items, which are told apart by their keys. */
function mapListCauses(item: Fields, keys: readonly string[], path: string): StatusCause[] {
  const field = `${path}.x-kubernetes-list-map-keys`;
  const type = text(item['type']);
  const named = (key: string): unknown => at(item, 'properties', key);
  return [
    ...(keys.length === 0 ? [required(field, 'must not be empty if x-kubernetes-list-type is map')] : []),
    ...(type === 'object'
      ? []
      : [invalidValue(`${path}.items.type`, type, "must be object if parent array's x-kubernetes-list-type is map")]),
    ...keys.flatMap((key, index) => [
      ...(['array', 'object'].includes(text(at(named(key), 'type')))
        ? [
            invalidValue(
              `${path}.items.properties[${key}].type`,
              type,
              "must be a scalar type if parent array's x-kubernetes-list-type is map",
            ),
          ]
        : []),
      ...(type === 'object' && named(key) === undefined
        ? [invalidValue(field, keys, 'entries must all be names of item properties')]
        : []),
      ...(keys.indexOf(key) < index ? [invalidValue(field, keys, 'must not contain duplicate entries')] : []),
    ]),
    ...keys.flatMap((key) => keyCauses(key, named(key), items(item['required']).includes(key), path)),
  ];
}

function keyCauses(key: string, schema: unknown, isRequired: boolean, path: string): StatusCause[] {
  if (schema === undefined) return [];
  const where = `${path}.items.properties[${key}]`;
  const why = 'this property is in x-kubernetes-list-map-keys, so it';
  return [
    ...(isRequired || at(schema, 'default') !== undefined
      ? []
      : [required(`${where}.default`, `${why} must have a default or be a required property`)]),
    ...(at(schema, 'nullable') === true ? [forbiddenField(`${where}.nullable`, `${why} cannot be nullable`)] : []),
  ];
}

/** Go's regular expressions have no lookaround; other patterns are read as JavaScript reads them. */
function patternCauses({ pattern }: Fields, path: string): StatusCause[] {
  if (typeof pattern !== 'string') return [];
  const lookaround = /\(\?<?[=!]/.exec(pattern)?.[0];
  const why =
    lookaround === undefined ? bracketFault(pattern) : `invalid or unsupported Perl syntax: \`${lookaround}\``;
  if (why === undefined) return [];
  const shown = `must be a valid regular expression, but isn't: error parsing regexp: ${why}`;
  return [invalidValue(`${path}.pattern`, pattern, shown)];
}

/** What Go says of the mistakes that are made most: brackets that are not closed, and repetitions of nothing. */
function bracketFault(pattern: string): string | undefined {
  // Escapes and whole classes are blanked, so that what remains has its meaning.
  const bare = pattern.replaceAll(/\\.|\[\^?\]?(?:[^\]\\]|\\.)*\]/gs, (part) => '_'.repeat(part.length));
  const open = bare.indexOf('[');
  if (open >= 0) return `missing closing ]: \`${pattern.slice(open)}\``;
  const depth = [...bare].reduce((level, one) => level + (one === '(' ? 1 : one === ')' ? -1 : 0), 0);
  if (depth !== 0) return `${depth > 0 ? 'missing closing' : 'unexpected'} ): \`${pattern}\``;
  const repeated = /(?:^|[(|])([*+])/.exec(bare)?.[1];
  return repeated === undefined ? undefined : `missing argument to repetition operator: \`${repeated}\``;
}
