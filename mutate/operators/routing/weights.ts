import type { Path } from '../../../language/yaml-document.ts';
import { replaced, valueAt } from '../../tree.ts';
import { type Change, onManifests } from '../operator.ts';
import { type Destination, destinationsOf } from './destinations.ts';

/** New weights of a rule's first two destinations. */
const MISTAKES: readonly { readonly what: string; weigh(first: number, second: number): readonly [number, number] }[] =
  [
    {
      what: 'moved by 10',
      weigh: (first, second) => (first > second ? [first - 10, second + 10] : [first + 10, second - 10]),
    },
    {
      what: 'moved by 20',
      weigh: (first, second) => (first > second ? [first - 20, second + 20] : [first + 20, second - 20]),
    },
    { what: 'swapped', weigh: (first, second) => [second, first] },
    { what: 'all to the first', weigh: (first, second) => [first + second, 0] },
    { what: 'all to the second', weigh: (first, second) => [0, first + second] },
  ];

export const weights = onManifests({
  name: 'routing/weights',
  summary: 'traffic is split by other weights',
  missing: 'a `sample` of the split that catches 10%',
  kinds: ['VirtualService'],
  changes: ({ object }) => destinationsOf(object).flatMap((rule) => changesOf(object, rule)),
});

function changesOf(object: unknown, [first, second]: readonly Destination[]): Change[] {
  if (first?.weight === undefined || second?.weight === undefined) return [];
  const [one, other] = [first.weight, second.weight];
  const path: Path = first.path.slice(0, -1);
  const seen = new Set([`${one}/${other}`]);
  return MISTAKES.flatMap(({ what, weigh }): Change[] => {
    const [left, right] = weigh(one, other);
    if (left < 0 || right < 0 || seen.has(`${left}/${right}`)) return [];
    seen.add(`${left}/${right}`);
    const value = replaced(replaced(valueAt(object, path), [0, 'weight'], left), [1, 'weight'], right);
    const description = `weights ${left}/${right} instead of ${one}/${other} (${what})`;
    return [{ path, value, description, about: [first.subset ?? first.host, second.subset ?? second.host] }];
  });
}
