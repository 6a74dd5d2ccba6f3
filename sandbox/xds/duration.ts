/** Durations as Go and proto JSON write them: `1.5s`, `1m30s`, `100ms`. */

const UNITS: Readonly<Record<string, number>> = {
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
  us: 1e-3,
  µs: 1e-3,
  ns: 1e-6,
};

/** @returns undefined if it is not a duration. */
export function parseGoDuration(duration: string): number | undefined {
  if (!/^-?(?:\d+(?:\.\d*)?(?:h|ms|us|µs|ns|m|s))+$/.test(duration)) return undefined;
  const sum = [...duration.matchAll(/(\d+(?:\.\d*)?)(h|ms|us|µs|ns|m|s)/g)]
    .map(([, number, unit]) => Number(number) * (UNITS[unit ?? ''] ?? 0))
    .reduce((total, part) => total + part, 0);
  return duration.startsWith('-') ? -sum : sum;
}
