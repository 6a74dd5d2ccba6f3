/** Durations as people write them: `500ms`, `30s`, `5m`, `1h30m`. */

const UNITS: readonly (readonly [string, number])[] = [
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
];

/** @returns milliseconds; undefined when `text` is no duration. */
export function parseDuration(text: string): number | undefined {
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, amount = '', unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)) {
    total += Number(amount) * (UNITS.find(([name]) => name === unit)?.[1] ?? 0);
  }
  return Math.round(total);
}

/** @param ms milliseconds. @returns e.g. `1h30m`; `parseDuration` reads it back. */
export function formatDuration(ms: number): string {
  let left = Math.round(ms);
  let text = '';
  for (const [unit, size] of UNITS) {
    const amount = Math.floor(left / size);
    if (amount > 0) text += `${amount}${unit}`;
    left -= amount * size;
  }
  return text === '' ? '0s' : text;
}
