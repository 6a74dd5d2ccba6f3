/** Compares the answers of two runs of a case. */
import { isDeepStrictEqual } from 'node:util';
import type { Answer } from './play.ts';

/** Counts further apart than this many standard deviations are not due to chance. */
const SIGMAS = 5;

/** @returns one line per question whose answers differ. */
export function differencesOf(
  asks: readonly { readonly ask: string; readonly from?: string }[],
  recorded: readonly Answer[],
  ours: readonly Answer[],
): readonly string[] {
  return asks.flatMap(({ ask, from = 'caller' }, index) => {
    const [theirs, own] = [recorded[index], ours[index]];
    if (theirs !== undefined && own !== undefined && alike(theirs, own)) return [];
    return [`${from}: ${ask}\n  istiod ${JSON.stringify(theirs)}\n  ours   ${JSON.stringify(own)}`];
  });
}

function alike({ spread: theirs, ...a }: Answer, { spread: own, ...b }: Answer): boolean {
  if (!isDeepStrictEqual(a, b)) return false;
  if (theirs === undefined || own === undefined) return theirs === own;
  const total = (spread: Readonly<Record<string, number>>): number =>
    Object.values(spread).reduce((sum, count) => sum + count, 0);
  const [n, m] = [total(theirs), total(own)];
  return [...new Set([...Object.keys(theirs), ...Object.keys(own)])].every((key) => {
    const [x, y] = [theirs[key] ?? 0, own[key] ?? 0];
    const share = (x + y) / (n + m);
    const deviation = Math.sqrt(share * (1 - share) * (1 / n + 1 / m));
    return Math.abs(x / n - y / m) <= SIGMAS * deviation && (x === 0) === (y === 0);
  });
}
