/** Points in time as Go reads them (RFC 3339). */

const WHOLE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** The parts of Go's layout, in their order, with what each accepts. */
const PARTS: readonly [layout: string, accepts: RegExp][] = [
  ['2006', /^\d{4}/],
  ['-', /^-/],
  ['01', /^\d\d/],
  ['-', /^-/],
  ['02', /^\d\d/],
  ['T', /^T/],
  ['15', /^\d\d/],
  [':', /^:/],
  ['04', /^\d\d/],
  [':', /^:/],
  ['05', /^\d\d(\.\d+)?/],
  ['Z07:00', /^(Z|[+-]\d\d:\d\d)/],
];

/** @param fraction of the seconds in the type's layout: `.000000` for a MicroTime. @returns Go's error; undefined for a time. */
export function timeProblem(value: string, fraction: '' | '.000000'): string | undefined {
  if (WHOLE.test(value)) return undefined;
  const parsing = `parsing time ${JSON.stringify(value)}`;
  const as = `as "2006-01-02T15:04:05${fraction}Z07:00"`;
  let rest = value;
  for (const [layout, accepts] of PARTS) {
    const [found] = accepts.exec(rest) ?? [];
    if (found === undefined)
      return `${parsing} ${as}: cannot parse ${JSON.stringify(rest)} as ${JSON.stringify(layout)}`;
    rest = rest.slice(found.length);
  }
  return `${parsing}: extra text: ${JSON.stringify(rest)}`;
}
