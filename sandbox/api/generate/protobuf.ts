/**
 * Makes `protobuf/numbers.generated.json`: the field numbers of Kubernetes' protobuf messages, for the definitions in
 * `openapi/fields.generated.json`. Needs checkouts of github.com/kubernetes/api and /apimachinery:
 * `node sandbox/api/generate/protobuf.ts path/to/api path/to/apimachinery`.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DEFINITIONS } from '../openapi/builtin.ts';

const [api = '', machinery = ''] = process.argv.slice(2);

/** Fields by number; one that is inlined in the JSON form is written as `=` and the definition's name. */
const numbers: Record<string, Record<string, string>> = {};

function protoFile(definition: string): string | undefined {
  const core = /^io\.k8s\.api\.([^.]+)\.(v\w+)\./.exec(definition);
  if (core !== null) return path.join(api, core[1] ?? '', core[2] ?? '', 'generated.proto');
  return definition.startsWith('io.k8s.apimachinery.pkg.apis.meta.v1.')
    ? path.join(machinery, 'pkg/apis/meta/v1/generated.proto')
    : undefined;
}

function visit(definition: string): void {
  if (numbers[definition] !== undefined) return;
  const file = protoFile(definition);
  if (file === undefined || !existsSync(file)) return;
  const name = definition.slice(definition.lastIndexOf('.') + 1);
  const body = new RegExp(`^message ${name} \\{\\n([\\s\\S]*?)^\\}`, 'm').exec(readFileSync(file, 'utf8'))?.[1];
  if (body === undefined) return;
  const found: Record<string, string> = {};
  numbers[definition] = found;
  for (const [, type = '', field = '', number = ''] of body.matchAll(
    /^ {2}(?:optional |repeated )?(map<[^>]*>|[\w.]+) (\w+) = (\d+)/gm,
  )) {
    found[number] = jsonName(definition, type, field);
  }
}

function jsonName(definition: string, type: string, field: string): string {
  const known = DEFINITIONS[definition]?.f;
  if (known === undefined || known[field] !== undefined) return field;
  // Go's generator writes UID as uID.
  const alike = Object.keys(known).find((one) => one.toLowerCase() === field.toLowerCase());
  if (alike !== undefined) return alike;
  const inlined = `${definition.slice(0, definition.lastIndexOf('.'))}.${type.slice(type.lastIndexOf('.') + 1)}`;
  visit(inlined);
  return numbers[inlined] === undefined ? field : `=${inlined}`;
}

for (const definition of Object.keys(DEFINITIONS)) visit(definition);
writeFileSync(new URL('../protobuf/numbers.generated.json', import.meta.url), `${JSON.stringify(numbers)}\n`);
process.stdout.write(`${Object.keys(numbers).length} messages\n`);
