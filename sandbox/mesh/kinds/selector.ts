/** Validation of what chooses workloads and namespaces, with Istio's messages. */
import { isDnsLabel } from './values.ts';

const QUALIFIED = /^(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;

/** The selector of a rule of `security.istio.io` or `telemetry.istio.io`. */
export function selectorProblems(
  selector: { readonly matchLabels?: Readonly<Record<string, string>> } | undefined,
): readonly string[] {
  return Object.entries(selector?.matchLabels ?? {}).flatMap(([key, value]) => [
    ...(key === '' ? [`empty key is not supported in selector: "${key}=${value}"`] : []),
    ...(`${key}${value}`.includes('*') ? [`wildcard is not supported in selector: "${key}=${value}"`] : []),
  ]);
}

export function labelProblems(labels: Readonly<Record<string, string>> | undefined): readonly string[] {
  return Object.entries(labels ?? {}).flatMap(([key, value]) => [
    ...(isKey(key) ? [] : [`invalid tag key: "${key}"`]),
    ...(value === '' || QUALIFIED.test(value) ? [] : [`invalid tag value: "${value}"`]),
  ]);
}

function isKey(key: string): boolean {
  const parts = key.split('/');
  const name = parts.pop() ?? '';
  return parts.length < 2 && parts.every((prefix) => prefix.split('.').every(isDnsLabel)) && QUALIFIED.test(name);
}

/** @param namespace the object's own, which `.` stands for. */
export function exportToProblems(
  namespace: string | undefined,
  exportTo: readonly string[] | undefined,
  { none = false }: { readonly none?: boolean } = {},
): readonly string[] {
  const seen = new Set<string>();
  const problems = (exportTo ?? []).flatMap((entry) => {
    const place = entry === '.' ? (namespace ?? '') : entry;
    if (seen.has(place))
      return place === entry
        ? [`duplicate entries in exportTo for entry ${entry}`]
        : [`duplicate entries in exportTo: . and current namespace ${namespace}`];
    if (place === '~' && !none) return ['exportTo ~ (none) is not allowed for Istio configuration objects'];
    if (!['*', '~'].includes(place) && !isDnsLabel(place))
      return ['only .,*, or a valid DNS 1123 label is allowed as exportTo entry'];
    seen.add(place);
    return [];
  });
  const many = (exportTo ?? []).length > 1;
  return [
    ...problems,
    ...(many && seen.has('*') ? ['cannot have both public (*) and non-public exportTo values for a resource'] : []),
    ...(many && seen.has('~') ? ['cannot export service entry to no one (~) and someone'] : []),
  ];
}
