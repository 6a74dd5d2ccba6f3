import type { Path } from '../../../language/yaml-document.ts';
import { isRecord } from '../../../model/fields.ts';
import { listAt } from '../../tree.ts';
import { type Change, onManifests } from '../operator.ts';
import { routedSubsets } from './destinations.ts';

/** Patterns that match less, nothing, or only another case. */
const PATTERNS: readonly { readonly what: string; of(text: string): string }[] = [
  { what: 'weakened to match anything', of: () => '.*' },
  { what: 'in lower case', of: (text) => text.toLowerCase() },
  { what: 'without its wildcards', of: (text) => text.replaceAll('.*', '') },
];

export const match = onManifests({
  name: 'routing/match',
  summary: 'a match selects the wrong requests',
  missing: 'a check with a request that matches and one that does not',
  kinds: ['VirtualService'],
  changes: ({ object }) =>
    listAt(object, ['spec', 'http']).flatMap((rule, index) =>
      conditionsIn(listAt(rule, ['match']), ['spec', 'http', index, 'match']).flatMap(
        ({ path, text, kind }): Change[] =>
          (kind === 'regex' ? PATTERNS : [{ what: 'misspelt', of: (exact: string) => `${exact}-typo` }])
            .filter(({ of }) => of(text) !== text && of(text) !== '')
            .map(({ what, of }) => ({
              path,
              value: of(text),
              description: `${kind} ${of(text)} instead of ${text} (${what})`,
              about: [...(text.match(/[A-Za-z][\w-]{2,}/g) ?? []), ...routedSubsets(object)],
            })),
      ),
    ),
});

interface Condition {
  readonly path: Path;
  readonly kind: string;
  readonly text: string;
}

/** Every `exact`, `prefix` or `regex`, at any depth. */
function conditionsIn(value: unknown, path: Path): Condition[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => conditionsIn(item, [...path, index]));
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, inner]): Condition[] =>
    typeof inner === 'string' && ['exact', 'prefix', 'regex'].includes(key)
      ? [{ path: [...path, key], kind: key, text: inner }]
      : conditionsIn(inner, [...path, key]),
  );
}
