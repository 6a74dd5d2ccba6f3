/** The objects that an `apply` names: inline, or in files relative to the section. */
import { dirname, resolve } from 'node:path';
import { type Document, type Path, readDocuments } from './document.ts';
import type { JsonValue, Manifest } from './lab.ts';
import { LabError } from './problem.ts';
import type { RawApply } from './schema.generated.ts';

/** @throws {LabError} `LW-MANIFEST-MISSING`, `LW-YAML-SYNTAX`. */
export function readManifests(document: Document, path: Path, raw: RawApply['apply']): readonly Manifest[] {
  if (Array.isArray(raw)) return raw.flatMap((item, index) => readOne(document, [...path, index], item));
  return readOne(document, path, raw);
}

function readOne(document: Document, path: Path, raw: Exclude<RawApply['apply'], unknown[]>): readonly Manifest[] {
  if (typeof raw !== 'string')
    return objectsOf(document.get(path)).map((object) => ({ object, at: document.at(path) }));
  const file = resolve(dirname(document.file), raw);
  return readManifestFile(file, document.at(path));
}

/** Every object of a manifest file. @param named where the file is named, for when it is not there. @throws {LabError} */
export function readManifestFile(file: string, named: Manifest['at']): readonly Manifest[] {
  try {
    return readDocuments(file).flatMap((manifest) =>
      objectsOf(manifest.value).map((object) => ({ object, at: manifest.at([]) })),
    );
  } catch (error) {
    if (!(error instanceof LabError) || error.problems[0]?.code !== 'LW-FILE-MISSING') throw error;
    throw new LabError([
      { code: 'LW-MANIFEST-MISSING', at: named, message: `there is no manifest ${file}`, expected: 'a YAML file' },
    ]);
  }
}

function objectsOf(value: JsonValue | undefined): readonly Manifest['object'][] {
  return typeof value === 'object' && value !== null && !isList(value) ? [value] : [];
}

function isList(value: object): value is readonly JsonValue[] {
  return Array.isArray(value);
}
