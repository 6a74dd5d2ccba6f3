/** What a real kube-apiserver finds wrong with the types of an applied configuration, in structured-merge-diff's words. */
import { type Fields, isRecord } from '../../../model/fields.ts';
import { itemKey } from '../managed-fields/compare.ts';
import { pathStep } from '../managed-fields/field-set.ts';
import { DEFINITIONS, definitionOf } from '../openapi/builtin.ts';
import { mergeRule } from '../openapi/merge-rules.ts';
import type { Kind } from '../registry/kind.ts';
import { DECODES_ITSELF, goText, reflectKind } from '../validation/mismatch.ts';

/** @returns a line for each fault, sorted; none for a custom resource, which its schema judges. */
export function typeFaults(configuration: Fields, kind: Kind): string[] {
  if (kind.custom) return [];
  return structFaults(configuration, definitionOf(kind.group, kind.version, kind.kind), '').sort();
}

function faultsOf(value: unknown, type: string, keys: readonly string[] | undefined, path: string): string[] {
  if (value === null || value === undefined || type === 'any' || type === 'object' || DECODES_ITSELF.has(type))
    return [];
  if (type.startsWith('[')) return listFaults(value, type.slice(1), keys, path);
  if (type.startsWith('#') || type.startsWith('{')) {
    if (!isRecord(value)) return [`${path}: expected map, got &{${goText(value)}}`];
    if (type.startsWith('#')) return structFaults(value, type.slice(1), path);
    return Object.entries(value).flatMap(([key, one]) => faultsOf(one, type.slice(1), undefined, `${path}.${key}`));
  }
  const expected = scalarFault(value, type);
  return expected === undefined ? [] : [`${path}: ${expected}`];
}

/** The real server looks no further in a struct after a field that its type does not have. */
function structFaults(value: Fields, definition: string, path: string): string[] {
  const types = DEFINITIONS[definition]?.f ?? {};
  const faults: string[] = [];
  for (const key of Object.keys(value).sort()) {
    const type = Object.hasOwn(types, key) ? types[key] : undefined;
    if (type === undefined) return [...faults, `${path}.${key}: field not declared in schema`];
    faults.push(...faultsOf(value[key], type, mergeRule(definition, key).listKeys, `${path}.${key}`));
  }
  return faults;
}

/** @param keys by which its items merge; empty for a set, undefined for a list that is replaced. */
function listFaults(value: unknown, type: string, keys: readonly string[] | undefined, path: string): string[] {
  if (!Array.isArray(value)) return [`${path}: expected list, got &{${goText(value)}}`];
  if (keys === undefined) return value.flatMap((item, index) => faultsOf(item, type, undefined, `${path}[${index}]`));
  const seen = new Set<string>();
  return value.flatMap((item, index) => {
    if (keys.length > 0 && !isRecord(item)) {
      const what = item === null ? 'a null element' : 'non-map elements';
      return [`${path}: element ${index}: associative list with keys may not have ${what}`];
    }
    const step = pathStep(itemKey(item, keys));
    const isRepeated = seen.has(step);
    seen.add(step);
    const faults = faultsOf(item, type, undefined, path + step);
    return isRepeated ? [`${path}: duplicate entries for key ${step}`, ...faults] : faults;
  });
}

function scalarFault(value: unknown, type: string): string | undefined {
  if (type === 'boolean') return typeof value === 'boolean' ? undefined : `expected boolean, got &{${goText(value)}}`;
  if (type.startsWith('int') || type === 'number' || type === 'double')
    return typeof value === 'number' ? undefined : `expected numeric (int or float), got ${reflectKind(value)}`;
  return typeof value === 'string'
    ? undefined
    : `expected string, got &value.valueUnstructured{Value:${goText(value)}}`;
}
