/** Schedules of CronJobs, with the rules and messages of kube-apiserver's parser (github.com/robfig/cron, v3). */

interface Bounds {
  readonly low: number;
  readonly high: number;
  readonly names: readonly string[];
}

const MONTHS = ['', 'jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const FIELDS: readonly Bounds[] = [
  { low: 0, high: 59, names: [] },
  { low: 0, high: 23, names: [] },
  { low: 1, high: 31, names: [] },
  { low: 1, high: 12, names: MONTHS },
  { low: 0, high: 6, names: WEEKDAYS },
];
const DESCRIPTORS = ['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly'];
const DURATION = /^@every (\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/;

/** @returns what is wrong with a schedule, `undefined` when it is valid. */
export function scheduleProblem(schedule: string): string | undefined {
  if (schedule.startsWith('@')) {
    if (DESCRIPTORS.includes(schedule) || DURATION.test(schedule)) return undefined;
    return schedule.startsWith('@every ')
      ? `failed to parse duration ${schedule}: time: invalid duration ${JSON.stringify(schedule.slice(7))}`
      : `unrecognized descriptor: ${schedule}`;
  }
  const parts = schedule.split(/\s+/).filter((part) => part !== '');
  if (parts.length !== FIELDS.length) return `expected exactly 5 fields, found ${parts.length}: [${parts.join(' ')}]`;
  for (const [index, bounds] of FIELDS.entries()) {
    const ranges = (parts[index] ?? '').split(',').filter((range) => range !== '');
    const problem = ranges.map((range) => rangeProblem(range, bounds)).find((one) => one !== undefined);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function rangeProblem(expression: string, { low, high, names }: Bounds): string | undefined {
  const [range = '', step, ...moreSteps] = expression.split('/');
  const [first = '', last, ...moreEnds] = range.split('-');
  const isStar = first === '*' || first === '?';
  const start = isStar ? low : numberOf(first, names);
  if (typeof start === 'string') return start;
  if (!isStar && moreEnds.length > 0) return `too many hyphens: ${expression}`;
  const named = isStar ? high : last === undefined ? start : numberOf(last, names);
  if (typeof named === 'string') return named;
  if (moreSteps.length > 0) return `too many slashes: ${expression}`;
  const width = step === undefined ? 1 : numberOf(step, []);
  if (typeof width === 'string') return width;
  const end = step !== undefined && last === undefined ? high : named;
  if (start < low) return `beginning of range (${start}) below minimum (${low}): ${expression}`;
  if (end > high) return `end of range (${end}) above maximum (${high}): ${expression}`;
  if (start > end) return `beginning of range (${start}) beyond end of range (${end}): ${expression}`;
  return width === 0 ? `step of range should be a positive number: ${expression}` : undefined;
}

/** @returns the number, or a message when the text is not a valid number or name. */
function numberOf(word: string, names: readonly string[]): number | string {
  const named = word === '' ? -1 : names.indexOf(word.toLowerCase());
  if (named >= 0) return named;
  if (/^[+]?\d+$/.test(word)) return Number(word);
  return `failed to parse int from ${word}: strconv.Atoi: parsing ${JSON.stringify(word)}: invalid syntax`;
}
