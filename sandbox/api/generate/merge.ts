/**
 * Makes `openapi/merge.generated.json`: how lists and structs of the built-in types merge, from Kubernetes' own OpenAPI documents,
 * for the definitions in `openapi/fields.generated.json` (the models of client-node lack it):
 * `node sandbox/api/generate/merge.ts "$(go list -m -f '{{.Dir}}' k8s.io/kubernetes)/api/openapi-spec/v3"`.
 */

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { at, parseJson } from '../../../model/fields.ts';
import { DEFINITIONS } from '../openapi/builtin.ts';
import type { MergeRule } from '../openapi/merge-rules.ts';

interface Property {
  readonly default?: unknown;
  readonly allOf?: readonly unknown[];
  readonly 'x-kubernetes-patch-strategy'?: string;
  readonly 'x-kubernetes-patch-merge-key'?: string;
  readonly 'x-kubernetes-list-type'?: string;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-map-type'?: string;
}

interface Definition extends Pick<Property, 'x-kubernetes-map-type'> {
  readonly properties?: Readonly<Record<string, Property>>;
}

const [folder = ''] = process.argv.slice(2);
const definitions: Record<string, Definition> = {};
for (const file of readdirSync(folder)) {
  // One of a group and version.
  Object.assign(definitions, at(parseJson(readFileSync(join(folder, file), 'utf8')), 'components', 'schemas'));
}

function ruleOf(property: Property): MergeRule {
  const listType = property['x-kubernetes-list-type'];
  const strategy = property['x-kubernetes-patch-strategy'];
  const mergeKey = property['x-kubernetes-patch-merge-key'];
  const listKeys = property['x-kubernetes-list-map-keys'];
  return {
    ...(strategy === undefined ? {} : { strategy }),
    ...(mergeKey === undefined ? {} : { mergeKey }),
    ...(listType === 'map' ? { listKeys: listKeys ?? [] } : listType === 'set' ? { listKeys: [] } : {}),
    ...(property['x-kubernetes-map-type'] === 'atomic' ? { atomic: true } : {}),
    ...(isByValue(property) ? { byValue: true } : {}),
  };
}

/** The document gives a reference to a struct that is not a pointer in Go the default `{}`. */
function isByValue({ allOf, default: value }: Property): boolean {
  return allOf !== undefined && JSON.stringify(value) === '{}';
}

const fields: Record<string, Record<string, MergeRule>> = {};
const atomic: string[] = [];
for (const name of Object.keys(DEFINITIONS)) {
  const definition = definitions[name];
  if (definition?.['x-kubernetes-map-type'] === 'atomic') atomic.push(name);
  for (const [field, property] of Object.entries(definition?.properties ?? {})) {
    const rule = ruleOf(property);
    if (Object.keys(rule).length > 0) fields[name] = { ...fields[name], [field]: rule };
  }
}
writeFileSync(new URL('../openapi/merge.generated.json', import.meta.url), `${JSON.stringify({ atomic, fields })}\n`);
process.stdout.write(`${Object.keys(fields).length} definitions with rules, ${atomic.length} atomic\n`);
