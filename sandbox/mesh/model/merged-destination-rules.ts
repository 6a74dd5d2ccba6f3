/** Merges DestinationRules of one namespace for the same host, as istiod does (`mergeDestinationRule`). */
import { isDeepStrictEqual } from 'node:util';
import type { DestinationRule } from './destination-rule.ts';

type Spec = DestinationRule['spec'];
/** What becomes of a new rule beside an earlier one: it stays apart, goes into it, or both. */
type Relation = 'apart' | 'into' | 'both';

/**
 * @param known what the earlier rules have come to.
 * @param byExport whether rules with different `exportTo` stay apart (Istio 1.24).
 * @returns `known` with the new rule merged into others, put beside them, or both.
 */
export function mergeInto(
  known: readonly DestinationRule[],
  rule: DestinationRule,
  byExport: boolean,
): readonly DestinationRule[] {
  const relations = known.map((other) =>
    byExport ? byExportAndSelector(other.spec, rule.spec) : bySelector(other.spec, rule.spec),
  );
  const result = known.map((other, index) =>
    relations[index] === 'apart' ? other : { ...other, spec: merged(other.spec, rule.spec, byExport) },
  );
  // Current istiods decide by the last rule that they compare with, which shows when there are several.
  const isIn = byExport ? relations.at(-1) === 'into' : relations.includes('into');
  return isIn ? result : [...result, rule];
}

/** A rule for some clients also goes into one for all, and the other way round. */
function bySelector({ workloadSelector: first }: Spec, { workloadSelector: second }: Spec): Relation {
  if ((first === undefined) !== (second === undefined)) return 'both';
  return isDeepStrictEqual(first?.matchLabels ?? {}, second?.matchLabels ?? {}) ? 'into' : 'apart';
}

function byExportAndSelector(first: Spec, second: Spec): Relation {
  const [narrow, wide] = [new Set(first.exportTo), new Set(second.exportTo)];
  const isIncluded = [...narrow].every((namespace) => wide.has(namespace));
  const isEqual = isIncluded && narrow.size === wide.size;
  const isWider = isIncluded && narrow.size > 0;
  if (!isEqual && !isWider) return 'apart';
  const relation = bySelector(first, second);
  return relation === 'both' && isEqual ? 'into' : relation;
}

function merged(first: Spec, second: Spec, byExport: boolean): Spec {
  const known = new Set(first.subsets?.map(({ name }) => name));
  const trafficPolicy = first.trafficPolicy ?? second.trafficPolicy;
  const exportTo = first.exportTo ?? (byExport ? undefined : second.exportTo);
  return {
    ...first,
    subsets: [...(first.subsets ?? []), ...(second.subsets ?? []).filter(({ name }) => !known.has(name))],
    ...(trafficPolicy === undefined ? {} : { trafficPolicy }),
    ...(exportTo === undefined ? {} : { exportTo }),
  };
}
