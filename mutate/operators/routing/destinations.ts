/** Destinations in VirtualServices, and the subsets that DestinationRules give them. */
import type { Path } from '../../../language/yaml-document.ts';
import type { Subject } from '../../subject.ts';
import { listAt, textAt } from '../../tree.ts';

/** Keys under which a VirtualService lists its rules. */
export const PROTOCOLS = ['http', 'tls', 'tcp'];

export interface Destination {
  /** Path of the entry with `destination` and `weight`. */
  readonly path: Path;
  readonly host: string;
  readonly subset: string | undefined;
  readonly weight: number | undefined;
}

/** The destinations of each rule that has any. */
export function destinationsOf(object: unknown): readonly (readonly Destination[])[] {
  return PROTOCOLS.flatMap((protocol) =>
    listAt(object, ['spec', protocol]).map((rule, index) =>
      listAt(rule, ['route']).flatMap((entry, number): Destination[] => {
        const host = textAt(entry, ['destination', 'host']);
        if (host === undefined) return [];
        const weight = typeof entry === 'object' && entry !== null && 'weight' in entry ? entry.weight : undefined;
        return [
          {
            path: ['spec', protocol, index, 'route', number],
            host,
            subset: textAt(entry, ['destination', 'subset']),
            weight: typeof weight === 'number' ? weight : undefined,
          },
        ];
      }),
    ),
  );
}

/** The names of all subsets that the lab's DestinationRules define for a host. */
export function subsetsOf(host: string, { manifests }: Subject): readonly string[] {
  const rules = manifests.filter(({ kind, object }) => kind === 'DestinationRule' && isSame(host, object));
  const names = rules.flatMap(({ object }) =>
    listAt(object, ['spec', 'subsets']).flatMap((subset) => textAt(subset, ['name']) ?? []),
  );
  return [...new Set(names)];
}

/** The short name and the full one mean the same Service. */
function isSame(host: string, rule: unknown): boolean {
  return textAt(rule, ['spec', 'host'])?.split('.')[0] === host.split('.')[0];
}

/** The subsets that a VirtualService routes to. */
export function routedSubsets(object: unknown): readonly string[] {
  return destinationsOf(object).flatMap((rule) => rule.flatMap(({ subset }) => subset ?? []));
}
