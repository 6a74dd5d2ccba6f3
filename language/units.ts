/** Durations, shares and confidences as the language writes them; the schema has checked their form. */

const MS_PER: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** `1h30m` → 5400000 */
export function milliseconds(text: string): number {
  return [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)].reduce(
    (sum, [, amount, unit = '']) => sum + Number(amount) * (MS_PER[unit] ?? 0),
    0,
  );
}

/** `80%` → 0.8 */
export function fraction(text: string): number {
  return Number(text.replace('%', '')) / 100;
}

/** `1 in 1000000` → 0.000001 */
export function probability(text: string): number {
  return 1 / Number(text.replace('1 in ', ''));
}
