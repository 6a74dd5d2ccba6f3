/** Helpers for table columns, and the columns of kinds that define none. */
import type { ApiObject, Cell, TableColumn, TablePrinter } from '../types.ts';
import { age } from './age.ts';

export const NAME: TableColumn = {
  name: 'Name',
  type: 'string',
  format: 'name',
  description: 'Name must be unique within a namespace.',
};
export const AGE: TableColumn = { name: 'Age', type: 'string', description: 'Time since the object was created.' };

export function column(name: string, type: TableColumn['type'] = 'string'): TableColumn {
  return { name, type };
}

/** A column that is shown only with `-o wide`. */
export function wide(name: string): TableColumn {
  return { name, type: 'string', priority: 1 };
}

/** A printer that adds the column NAME, and the age at the position of `AGE` if it is among the columns. */
export function printer(
  columns: readonly TableColumn[],
  cells: (object: ApiObject, now: number) => Cell[],
): TablePrinter {
  const ageAt = columns.indexOf(AGE);
  return {
    columns: [NAME, ...columns],
    row: (object, now) => {
      const row: Cell[] = [object.metadata.name, ...cells(object, now)];
      if (ageAt >= 0) row.splice(ageAt + 1, 0, age(object.metadata.creationTimestamp, now));
      return row;
    },
  };
}

/** Shows only the name and age. */
export const DEFAULT_PRINTER: TablePrinter = printer([AGE], () => []);
