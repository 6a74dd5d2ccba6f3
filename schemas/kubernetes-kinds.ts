/**
 * The built-in kinds and their fields, of client-node's models, as a table that is read in a moment: loading the models takes as
 * long as all else that is done to check a lab. `npm run generate` writes it.
 */
import { join } from 'node:path';
import * as models from '@kubernetes/client-node';

export const KUBERNETES_KINDS = join(import.meta.dirname, '..', 'language', 'kubernetes.generated.json');

interface Attribute {
  readonly baseName: string;
  readonly type: string;
}

/** @returns the expected text of the table: kinds by the name of their API's class, and each model's fields with their types. */
export function kubernetesKinds(): string {
  const apis: Record<string, readonly string[]> = {};
  const fields: Record<string, Readonly<Record<string, string>>> = {};
  for (const [name, model] of Object.entries(models)) {
    if (typeof model !== 'function') continue;
    if (/V\d\w*Api$/.test(name)) apis[name] = kindsOf(model.prototype);
    else if ('getAttributeTypeMap' in model) fields[name] = fieldsOf(model.getAttributeTypeMap());
  }
  return `${JSON.stringify({ apis, models: fields })}\n`;
}

function kindsOf(api: object): readonly string[] {
  return Object.getOwnPropertyNames(api)
    .flatMap((method) => /^create(?:Namespaced)?([A-Z]\w*)$/.exec(method)?.[1] ?? [])
    .filter((name) => !/With|Eviction|Binding$|Token$/.test(name) || name.endsWith('RoleBinding'));
}

function fieldsOf(attributes: readonly Attribute[]): Readonly<Record<string, string>> {
  return Object.fromEntries(attributes.map(({ baseName, type }) => [baseName, type]));
}
