/**
 * Makes `openapi/*.generated.json` from the models of @kubernetes/client-node: `node sandbox/api/generate/fields.ts`.
 * Run after an update of that package. The server reads the JSON only: importing the package would cost 0.35 s.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { parseJson, records, text } from '../../../model/fields.ts';
import { EXTRA_MODELS, REVIEW_KINDS } from '../registry/builtin.ts';
import { BUILTIN_KINDS } from '../registry/kinds/index.ts';

const root = new URL('../../../', import.meta.url);
const models = new URL('node_modules/@kubernetes/client-node/dist/gen/models/', root);

interface Attribute {
  readonly baseName: string;
  readonly type: string;
  readonly format: string;
}

const META = new Set([
  'ObjectMeta',
  'ListMeta',
  'OwnerReference',
  'ManagedFieldsEntry',
  'LabelSelector',
  'LabelSelectorRequirement',
  'DeleteOptions',
  'Preconditions',
  'Condition',
  'StatusCause',
  'StatusDetails',
  'Status',
]);

const names = new Map<string, string>();
const definitions: Record<string, { f: Record<string, string>; r?: string[] }> = {};
const descriptions: Record<string, [string, Record<string, string>]> = {};

function definitionName(model: string, group: string, version: string): string {
  const known = names.get(model);
  if (known !== undefined) return known;
  const kind = model.replace(
    /^(Core|Events|Discovery|Rbac|Authentication|Admissionregistration|Apiextensions|Flowcontrol|Storage)?V\d+(alpha\d+|beta\d+)?/,
    '',
  );
  const folder = group === '' ? 'core' : (group.split('.')[0] ?? group);
  const name = META.has(kind)
    ? `io.k8s.apimachinery.pkg.apis.meta.v1.${kind}`
    : packageOf(group, folder, version, kind);
  names.set(model, name);
  return name;
}

function packageOf(group: string, folder: string, version: string, kind: string): string {
  if (group === 'apiextensions.k8s.io')
    return `io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.${version}.${kind}`;
  if (group === 'apiregistration.k8s.io') return `io.k8s.kube-aggregator.pkg.apis.apiregistration.${version}.${kind}`;
  return `io.k8s.api.${folder}.${version}.${kind}`;
}

function attributes(model: string): Attribute[] {
  const source = readFileSync(new URL(`${model}.js`, models), 'utf8');
  const start = source.indexOf('attributeTypeMap = [');
  const list = parseJson(source.slice(source.indexOf('[', start), source.indexOf('];', start) + 1));
  return records(list).map(({ baseName, type, format }) => ({
    baseName: text(baseName),
    type: text(type),
    format: text(format),
  }));
}

/** Compact form of a type: `[T` is a list, `{T` a map, `#name` a reference. */
function typeOf(type: string, format: string, field: string, group: string, version: string): string {
  const list = /^Array<(.*)>$/.exec(type)?.[1];
  if (list !== undefined) return `[${typeOf(list, format, field, group, version)}`;
  const map = /^\{ \[key: string\]: (.*); \}$/.exec(type)?.[1];
  if (map !== undefined) return `{${QUANTITIES.has(field) ? 'quantity' : typeOf(map, format, field, group, version)}`;
  if (type === 'any') return 'any';
  if (type === 'object') return 'object';
  if (type === 'Date' || type === 'V1MicroTime') return type === 'Date' ? 'date-time' : 'micro-time';
  if (type === 'IntOrString') return 'int-or-string';
  if (type === 'number') return format === 'double' ? 'number' : format || 'int32';
  if (type === 'boolean' || type === 'string')
    return QUANTITIES.has(field) && type === 'string' ? 'quantity' : format || type;
  visit(type, group, version);
  return `#${definitionName(type, group, version)}`;
}

const QUANTITIES = new Set([
  'limits',
  'requests',
  'capacity',
  'allocatable',
  'hard',
  'used',
  'sizeLimit',
  'divisor',
  'default',
  'defaultRequest',
  'max',
  'min',
  'maxLimitRequestRatio',
  'allocatedResources',
  'overhead',
]);

function visit(model: string, group: string, version: string): void {
  const name = definitionName(model, group, version);
  if (definitions[name] !== undefined) return;
  const entry: { f: Record<string, string>; r?: string[] } = { f: {} };
  definitions[name] = entry;
  const declared = readFileSync(new URL(`${model}.d.ts`, models), 'utf8');
  const { type, fieldTexts, required } = declaration(declared, model);
  descriptions[name] = [type, fieldTexts];
  // JSONSchemaProps has fields with the names of quantity fields (`default`) that hold any JSON.
  for (const attribute of attributes(model)) {
    entry.f[attribute.baseName] = typeOf(attribute.type, attribute.format, attribute.baseName, group, version);
  }
  const needed = required.filter((field) => entry.f[field] !== undefined);
  if (needed.length > 0) entry.r = needed;
}

/** Reads descriptions and required fields, which only the `.d.ts` files have. */
function declaration(source: string, model: string) {
  const comment =
    new RegExp(`/\\*\\*((?:(?!\\*/)[\\s\\S])*)\\*/\\s*export declare class ${model}\\b`).exec(source)?.[1] ?? '';
  const fieldTexts: Record<string, string> = {};
  const required: string[] = [];
  const body = source.slice(source.indexOf(`export declare class ${model}`));
  for (const match of body.matchAll(/(?:\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*)?'([^']+)'(\?)?: /g)) {
    const [, text, field, optional] = match;
    if (field === undefined) continue;
    const plain = original(field);
    if (text !== undefined) fieldTexts[plain] = clean(text);
    if (optional === undefined) required.push(plain);
  }
  return { type: clean(comment), fieldTexts, required };
}

/** Converts a TypeScript-safe name to the name in the API: `_default` becomes `default`. */
function original(field: string): string {
  if (field === '$ref' || field === '$schema') return field;
  return field.startsWith('_')
    ? field.slice(1)
    : field.replace(/^x_kubernetes_/, 'x-kubernetes-').replaceAll(/(?<=x-kubernetes-.*)_/g, '-');
}

function clean(comment: string): string {
  return comment
    .replaceAll(/\n\s*\* ?/g, '\n')
    .replaceAll("\\'", "'")
    .replaceAll('\\"', '"')
    .trim();
}

for (const kind of [...BUILTIN_KINDS, ...REVIEW_KINDS]) visit(kind.model, kind.group, kind.version);
for (const model of EXTRA_MODELS) visit(model, ...extraGroup(model));

function extraGroup(model: string): [string, string] {
  if (model === 'V1Scale') return ['autoscaling', 'v1'];
  if (model === 'V1Eviction') return ['policy', 'v1'];
  return model.startsWith('Authentication') ? ['authentication.k8s.io', 'v1'] : ['', 'v1'];
}

const roots: Record<string, string> = {};
for (const [model, name] of names) roots[model] = name;
const out = new URL('../openapi/', import.meta.url);
const kinds = Object.fromEntries(
  [...BUILTIN_KINDS, ...REVIEW_KINDS].map((kind) => [`${kind.group}/${kind.version}/${kind.kind}`, roots[kind.model]]),
);
writeFileSync(new URL('fields.generated.json', out), `${JSON.stringify({ kinds, definitions })}\n`);
writeFileSync(new URL('descriptions.generated.json', out), `${JSON.stringify(descriptions)}\n`);
process.stdout.write(`${Object.keys(definitions).length} definitions\n`);
