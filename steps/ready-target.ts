/** What a `ready` step waits for. */
import type { Reading } from '../language/reading.ts';
import type { RawReady } from '../language/schema.generated.ts';
import type { Path } from '../language/yaml-document.ts';
import type { ObjectKind, ObjectReference } from '../model/lab.ts';
import { readinessOfKind } from './readiness/index.ts';
import { referencesOf } from './references.ts';

/** One or more named objects, or all that a label selector finds. */
export type ReadyTarget =
  | { readonly objects: readonly ObjectReference[] }
  | { readonly kind: ObjectKind; readonly namespace?: string; readonly selector: string; readonly count?: number };

/** @param path of the step. */
export function readTarget(raw: RawReady, path: Path, reading: Reading): ReadyTarget {
  const target = targetOf(raw, path, reading);
  if (raw.until === undefined && raw.expect === undefined) untilProblems(target, path, reading);
  return target;
}

/** Existence is not readiness: for kinds without it, the lab must define it. */
function untilProblems(target: ReadyTarget, path: Path, reading: Reading): void {
  const kinds = 'objects' in target ? target.objects.map(({ kind }) => kind) : [target.kind];
  for (const kind of new Set(kinds)) {
    const known = readinessOfKind(kind);
    if (known === 'none')
      reading.problem(
        'LW-READY-UNTIL',
        [...path, 'ready'],
        `a ${kind} has no readiness`,
        '`until:` with a CEL expression over `object`, or `expect:`',
      );
    else if (known === 'unknown')
      reading.warning(
        'LW-READY-UNTIL',
        [...path, 'ready'],
        `${kind} is unknown: it counts as ready when its condition Ready or Available is True`,
        '`until:` if it has no such condition',
      );
  }
}

function targetOf(raw: RawReady, path: Path, reading: Reading): ReadyTarget {
  const { ready, selector, count, namespace } = raw;
  const named = Array.isArray(ready) || ready.includes('/');
  if (named && (selector !== undefined || count !== undefined)) {
    const key = selector === undefined ? 'count' : 'selector';
    reading.problem(
      'LW-SCHEMA',
      [...path, key],
      `\`${key}\` beside objects that are named`,
      'a kind alone, such as `ready: pods`',
    );
  }
  if (Array.isArray(ready)) return { objects: referencesOf(ready, namespace) };
  if (named) return { objects: referencesOf(ready, namespace) };
  if (selector === undefined)
    reading.problem(
      'LW-SCHEMA',
      [...path, 'ready'],
      `which ${ready}?`,
      `\`${ready}/name\`, or \`selector:\` beside it`,
    );
  return {
    kind: ready,
    selector: selector ?? '',
    ...(namespace === undefined ? {} : { namespace }),
    ...(count === undefined ? {} : { count }),
  };
}
