/** Columns, subresources and selectable fields of CustomResourceDefinitions. */
import { at, type Fields, isRecord, records, text } from '../../../model/fields.ts';
import type { StatusCause } from '../status.ts';
import { duplicate, invalidValue, required } from './causes.ts';

const COLUMN_TYPES = ['boolean', 'date', 'integer', 'number', 'string'];
const FORMATS = ['byte', 'date', 'date-time', 'double', 'float', 'int32', 'int64', 'password'];
const SELECTABLE = ['string', 'boolean', 'integer'];

export function columnCauses(column: Fields, path: string): StatusCause[] {
  const [type, format, source] = [text(column['type']), text(column['format']), text(column['jsonPath'])];
  const types = `must be one of ${COLUMN_TYPES.join(',')}`;
  return [
    ...(text(column['name']) === '' ? [required(`${path}.name`)] : []),
    ...(type === '' ? [required(`${path}.type`, types)] : []),
    ...(type === '' || COLUMN_TYPES.includes(type) ? [] : [invalidValue(`${path}.type`, type, types)]),
    ...(format === '' || FORMATS.includes(format)
      ? []
      : [invalidValue(`${path}.format`, format, `must be one of ${FORMATS.join(',')}`)]),
    ...pathCauses(source, `${path}.JSONPath`),
  ];
}

function pathCauses(path: string, field: string): StatusCause[] {
  if (path === '') return [required(field)];
  return path.startsWith('.') ? [] : [invalidValue(field, path, 'must be a simple json path starting with .')];
}

export function subresourceCauses(subresources: unknown, path: string): StatusCause[] {
  const scale = at(subresources, 'scale');
  if (!isRecord(scale)) return [];
  const under = (name: string, roots: readonly string[], where: string): StatusCause[] => {
    const value = text(scale[name]);
    const field = `${path}.scale.${name}`;
    const problems = pathCauses(value, field);
    if (problems.length > 0 || roots.some((root) => value.startsWith(root))) return problems;
    return [invalidValue(field, value, `should be a json path under ${where}`)];
  };
  return [
    ...under('specReplicasPath', ['.spec.'], '.spec'),
    ...under('statusReplicasPath', ['.status.'], '.status'),
    ...(text(scale['labelSelectorPath']) === ''
      ? []
      : under('labelSelectorPath', ['.spec.', '.status.'], 'either .spec or .status')),
  ];
}

/** @param schema of the version. */
export function selectableCauses(selectable: unknown, schema: unknown, path: string): StatusCause[] {
  const paths = records(selectable).map(({ jsonPath }) => text(jsonPath));
  return paths.flatMap((one, index) => {
    const field = `${path}[${index}].jsonPath`;
    if (one === '') return [required(field)];
    const names = one.slice(1).split('.');
    const found = at(schema, ...names.flatMap((name) => ['properties', name]));
    if (found === undefined) return [invalidValue(field, one, 'is an invalid path: does not refer to a valid field')];
    const type = text(at(found, 'type'));
    return [
      ...(names[0] === 'metadata' ? [invalidValue(field, one, 'must not point to fields in metadata')] : []),
      ...(SELECTABLE.includes(type)
        ? []
        : [
            invalidValue(
              field,
              one,
              'must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.',
            ),
          ]),
      ...(paths.indexOf(one) < index ? [duplicate(field, one)] : []),
    ];
  });
}
