/** Manifests written in a step, or in files beside the section. */
import { dirname, resolve } from 'node:path';
import type { Reading } from '../language/reading.ts';
import { readYamlDocuments } from '../language/yaml.ts';
import type { Path, YamlDocument } from '../language/yaml-document.ts';
import type { JsonValue, Manifest } from '../model/lab.ts';

/** How a manifest in a step refers to a value of the release. */
const RELEASE = '${release.';

/** @param written a manifest, a file's path relative to the section, or a list of either. */
export function readManifests(written: unknown, path: Path, reading: Reading): Manifest[] {
  return Array.isArray(written)
    ? written.flatMap((item, index) => readItem(item, [...path, index], reading))
    : readItem(written, path, reading);
}

function readItem(item: unknown, path: Path, reading: Reading): Manifest[] {
  if (typeof item !== 'string') {
    if (!isObject(item)) return [];
    noteVariables(item, path, reading);
    reading.manifest(item, path);
    return [{ object: item, at: reading.document.at(path) }];
  }
  const file = resolve(dirname(reading.document.file), item);
  const read = readYamlDocuments(file);
  if ('problems' in read) {
    const missing = read.problems.some(({ code }) => code === 'LW-FILE-MISSING');
    if (missing)
      reading.problem('LW-FILE-MISSING', path, `there is no file ${item}`, 'a manifest file relative to the section');
    else reading.problems.push(...read.problems);
    return [];
  }
  return read.documents.flatMap((document) => fromDocument(document, reading));
}

/** Values in the console differ between releases; other `${…}` belong to the object. */
function noteVariables(value: JsonValue, path: Path, reading: Reading): void {
  if (typeof value === 'string') {
    if (value.includes(RELEASE)) reading.variable(value, path);
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) noteVariables(item, [...path, index], reading);
  } else if (isObject(value)) {
    for (const [key, item] of Object.entries(value)) noteVariables(item, [...path, key], reading);
  }
}

function fromDocument(document: YamlDocument, reading: Reading): Manifest[] {
  const { value } = document;
  const at = document.at([]);
  reading.manifest(value, [], document);
  if (
    isObject(value) &&
    typeof value['apiVersion'] === 'string' &&
    typeof value['kind'] === 'string' &&
    nameOf(value) !== ''
  )
    return [{ object: value, at }];
  reading.problems.push({
    code: 'LW-MANIFEST',
    at,
    message: 'this is not a Kubernetes object',
    expected: 'apiVersion, kind and metadata.name',
  });
  return [];
}

/** Empty if it has none. */
export function nameOf(object: { readonly [key: string]: JsonValue }): string {
  const { metadata } = object;
  return isObject(metadata) && typeof metadata['name'] === 'string' ? metadata['name'] : '';
}

/** YAML of the core schema contains only JSON values. */
function isObject(value: unknown): value is { readonly [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
