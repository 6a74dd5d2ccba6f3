/** The first line of a lab's file, which names its schema for editors. */
import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Problem } from './problem.ts';
import type { YamlDocument } from './yaml-document.ts';

/** Editors complete and explain keys only if the first line names an existing schema. */
export function schemaLineProblems(document: YamlDocument): Problem[] {
  const [line = ''] = document.text.split(/\r?\n/, 1);
  const named = /^#\s*yaml-language-server:\s*\$schema=(\S+)/.exec(line)?.[1];
  if (
    named === undefined ||
    /^https?:/.test(named) ||
    statSync(resolve(dirname(document.file), named), { throwIfNoEntry: false })?.isFile() === true
  )
    return [];
  const at = { file: document.file, line: 1, column: line.indexOf(named) + 1 };
  return [
    {
      code: 'LW-SCHEMA-LINE',
      at,
      message: `there is no schema ${named}`,
      expected: 'the path of a file under schemas/, relative to this file',
    },
  ];
}
