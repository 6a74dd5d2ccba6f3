/** A CRD's `additionalPrinterColumns` as a Table printer. */
import { number, records, text } from '../../../model/fields.ts';
import { age } from '../tables/age.ts';
import { AGE, DEFAULT_PRINTER, NAME } from '../tables/default.ts';
import type { Cell, TableColumn, TablePrinter } from '../types.ts';
import { compilePath } from './jsonpath.ts';

const TYPES = ['string', 'integer', 'number', 'boolean', 'date'] as const;

/** @param given `spec.versions[].additionalPrinterColumns`. */
export function customPrinter(given: unknown): TablePrinter {
  const columns = records(given);
  if (columns.length === 0) return DEFAULT_PRINTER;
  const definitions = columns.map((one): TableColumn => {
    const type = text(one['type']);
    return {
      name: text(one['name']),
      type: TYPES.find((known) => known === type) ?? 'string',
      format: text(one['format']),
      description: text(one['description']) || (type === 'date' ? (AGE.description ?? '') : ''),
      priority: number(one['priority']),
    };
  });
  const paths = columns.map((one) => compilePath(text(one['jsonPath'])));
  return {
    columns: [NAME, ...definitions],
    row: (object, now) => [
      object.metadata.name,
      ...definitions.map((definition, index) => cell(definition.type, paths[index]?.(object)[0], now)),
    ],
  };
}

/** A `string` column shows any value (lists and maps as JSON). Other columns show only values of their type. */
function cell(type: TableColumn['type'], value: unknown, now: number): Cell {
  if (value === undefined || value === null) return null;
  switch (type) {
    case 'string':
      return typeof value === 'object' ? JSON.stringify(value) : String(value);
    case 'date':
      return typeof value === 'string' ? age(value, now).replace('<unknown>', '<invalid>') : '<invalid>';
    case 'boolean':
      return typeof value === 'boolean' ? value : null;
    default:
      return typeof value === 'number' ? (type === 'integer' ? Math.trunc(value) : value) : null;
  }
}
