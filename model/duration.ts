/** Durations: as a lab writes them (`500ms`, `5m`, `1h30m`), and as messages and reports do (`300 s`, `12.3 s`). */

const UNITS: readonly (readonly [string, number])[] = [
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
];

/** @returns milliseconds; undefined if `text` is not a duration. */
export function parseDuration(text: string): number | undefined {
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, amount = '', unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)) {
    total += Number(amount) * (UNITS.find(([name]) => name === unit)?.[1] ?? 0);
  }
  return Math.round(total);
}

/**
 * @param ms milliseconds.
 * @returns e.g. `1h30m`, which `parseDuration` reads.
 */
export function writeDuration(ms: number): string {
  let left = Math.round(ms);
  let text = '';
  for (const [unit, size] of UNITS) {
    const amount = Math.floor(left / size);
    if (amount > 0) text += `${amount}${unit}`;
    left -= amount * size;
  }
  return text === '' ? '0s' : text;
}

/** `300 s`, `0.5 s`: a limit in a message. */
export function formatSeconds(ms: number): string {
  return `${Number((ms / 1_000).toFixed(ms < 1_000 ? 3 : 1))} s`;
}

/** `840 ms`, `12.3 s`, `2 min 05 s`: how long something took, for reports. */
export function formatDuration(ms: number): string {
  if (ms < 995) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  const rest = `${String(seconds % 60).padStart(2, '0')} s`;
  return seconds < 3600
    ? `${Math.floor(seconds / 60)} min ${rest}`
    : `${Math.floor(seconds / 3600)} h ${String(Math.floor((seconds % 3600) / 60)).padStart(2, '0')} min`;
}
