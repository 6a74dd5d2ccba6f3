/** Fields of the built-in kinds, from the generated files. Descriptions are read when a client first asks for a schema. */

import { readFileSync } from 'node:fs';
import { ownFormat } from '../../../model/own-format.ts';

export interface Definition {
  /** Types by field: `string`, `#name` for a reference, `[T` for a list, `{T` for a map. */
  readonly f: Readonly<Record<string, string>>;
  /** Required fields. */
  readonly r?: readonly string[];
}

interface FieldsFile {
  readonly kinds: Readonly<Record<string, string>>;
  readonly definitions: Readonly<Record<string, Definition>>;
}

function read<T>(file: string): T {
  return ownFormat<T>(JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')));
}

const data = read<FieldsFile>('fields.generated.json');

export const DEFINITIONS = data.definitions;

/** The definition's name of a kind, `group/version/Kind`. @throws when the generated file lacks it. */
export function definitionOf(group: string, version: string, kind: string): string {
  const name = data.kinds[`${group}/${version}/${kind}`];
  if (name === undefined)
    throw new Error(`no fields for ${group}/${version} ${kind}: run node sandbox/api/generate/fields.ts`);
  return name;
}

/** Descriptions by definition: of the type, and of its fields. */
export function readDescriptions(): Record<string, [string, Record<string, string>]> {
  return read('descriptions.generated.json');
}
