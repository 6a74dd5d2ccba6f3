/** Checks the manifests that a lab applies against the fields of their kinds, without a cluster. */

import type { Repository } from '../model/lab.ts';
import { nearest } from '../model/nearest.ts';
import { type KindLookup, kindLookup, type Shape } from './fields.ts';
import { manifestSources } from './manifest-sources.ts';
import type { Problem } from './problem.ts';
import type { Contents, Source } from './reading.ts';
import { kindOf } from './schema.ts';
import type { Path } from './yaml-document.ts';

/** @returns the problems of the lab's manifests, and the images that they run. */
export function checkManifests(
  contents: readonly Contents[],
  repositories: readonly Repository[],
): { problems: readonly Problem[]; images: readonly { image: string; at: Problem['at'] }[] } {
  const { sources, problems } = manifestSources(contents, repositories);
  const look = kindLookup();
  return {
    problems: [...problems, ...sources.flatMap((source) => manifestProblems(source, look))],
    images: sources.flatMap((source) =>
      imagesOf(source.value, source.path).map(({ image, path }) => ({ image, at: source.document.at(path) })),
    ),
  };
}

function manifestProblems(source: Source, look: (apiVersion: string, kind: string) => KindLookup): Problem[] {
  const { document, path, value } = source;
  const at = document.at(path);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return [
      { code: 'LW-MANIFEST', at, message: `a manifest is ${kindOf(value)}`, expected: 'apiVersion, kind and metadata' },
    ];
  }
  const [apiVersion, kind] = [property(value, 'apiVersion'), property(value, 'kind')];
  const name = property(property(value, 'metadata'), 'name') ?? property(property(value, 'metadata'), 'generateName');
  if (typeof apiVersion !== 'string' || typeof kind !== 'string' || typeof name !== 'string') {
    const missing = typeof apiVersion !== 'string' ? 'apiVersion' : typeof kind !== 'string' ? 'kind' : 'metadata.name';
    return [
      {
        code: 'LW-MANIFEST',
        at,
        message: `a manifest without \`${missing}\``,
        expected: 'apiVersion, kind and metadata.name',
      },
    ];
  }
  const found = look(apiVersion, kind);
  if (found !== undefined && 'shape' in found) return fieldProblems(found.shape, value, path, '', source);
  return [unknownKind(source, apiVersion, kind, found?.kinds)];
}

/** @param kinds those of the API version; undefined if it is not known. */
function unknownKind(
  { document, path }: Source,
  apiVersion: string,
  kind: string,
  kinds: readonly string[] | undefined,
): Problem {
  if (kinds === undefined) {
    const message = `${kind} in ${apiVersion} is unknown, so its fields were not checked`;
    return { code: 'LW-MANIFEST-KIND', severity: 'warning', at: document.at(path), message };
  }
  const suggestion = nearest(kind, kinds);
  const expected = kinds.length <= 12 ? `one of ${kinds.join(', ')}` : undefined;
  return {
    code: 'LW-MANIFEST-KIND',
    at: document.at([...path, 'kind']),
    message: `there is no ${kind} in ${apiVersion}`,
    ...(expected === undefined ? {} : { expected }),
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}

function fieldProblems(shape: Shape, value: unknown, path: Path, written: string, source: Source): Problem[] {
  // To a cluster, null means the field is absent.
  if (value === null || shape.kind === 'any') return [];
  const isList = Array.isArray(value);
  const isMap = typeof value === 'object' && !isList;
  const fits =
    shape.kind === 'list'
      ? isList
      : shape.kind === 'map' || shape.kind === 'object'
        ? isMap
        : typeof value === shape.kind;
  if (!fits) {
    const at = source.document.at(path);
    return [
      { code: 'LW-MANIFEST-TYPE', at, message: `${written} is ${kindOf(value)}`, expected: EXPECTED[shape.kind] },
    ];
  }
  if (shape.kind === 'list' && isList)
    return value.flatMap((item, index) =>
      fieldProblems(shape.items(), item, [...path, index], `${written}[${index}]`, source),
    );
  if (typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => {
    const inside = written === '' ? key : `${written}.${key}`;
    if (shape.kind === 'map') return fieldProblems(shape.items(), inner, [...path, key], inside, source);
    if (shape.kind !== 'object') return [];
    if (shape.names.includes(key)) return fieldProblems(shape.field(key), inner, [...path, key], inside, source);
    const suggestion = nearest(key, shape.names);
    const at = source.document.keyAt([...path, key]);
    const expected =
      suggestion === undefined && shape.names.length <= 12 ? `one of ${shape.names.join(', ')}` : undefined;
    return [
      {
        code: 'LW-MANIFEST-FIELD',
        at,
        message: `unknown field ${inside}`,
        ...(expected === undefined ? {} : { expected }),
        ...(suggestion === undefined ? {} : { suggestion }),
      },
    ];
  });
}

const EXPECTED = {
  object: 'fields',
  map: 'keys and values',
  list: 'a list',
  string: 'text (in quotes)',
  number: 'a number',
  boolean: 'true or false',
  any: 'anything',
} as const;

/** Images of all containers in a manifest, at any depth of a pod template. @param path of `value`. */
export function imagesOf(value: unknown, path: Path): { image: string; path: Path }[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => imagesOf(item, [...path, index]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => {
    if (key !== 'containers' && key !== 'initContainers') return imagesOf(inner, [...path, key]);
    if (!Array.isArray(inner)) return [];
    return inner.flatMap((container, index) => {
      const image = property(container, 'image');
      return typeof image === 'string' ? [{ image, path: [...path, key, index, 'image'] }] : [];
    });
  });
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}
