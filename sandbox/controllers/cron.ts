/** Cron schedules of CronJobs: five fields or an `@` name; steps, ranges, lists and English names. */

export interface Schedule {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly days: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly weekdays: ReadonlySet<number>;
  /** If both days are restricted, either is enough; otherwise both must match. */
  readonly either: boolean;
}

const NAMED: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** February 29 comes at least every eight years. */
const LONGEST_WAIT_DAYS = 366 * 9;

/** @throws {Error} that names the field. */
export function parseSchedule(text: string): Schedule {
  const parts = (NAMED[text.trim().toLowerCase()] ?? text).trim().split(/\s+/);
  const [minute, hour, day, month, weekday] = parts;
  if (!minute || !hour || !day || !month || !weekday || parts.length !== 5)
    throw new Error(`expected exactly 5 fields, found ${parts.length}: ${JSON.stringify(text)}`);
  const weekdays = parseField(weekday, 0, 7, WEEKDAYS);
  if (weekdays.has(7)) weekdays.add(0);
  return {
    minutes: parseField(minute, 0, 59),
    hours: parseField(hour, 0, 23),
    days: parseField(day, 1, 31),
    months: parseField(month, 1, 12, ['', ...MONTHS]),
    weekdays,
    either: !/^[*?]/.test(day) && !/^[*?]/.test(weekday),
  };
}

function parseField(field: string, low: number, high: number, names: readonly string[] = []): Set<number> {
  const found = new Set<number>();
  const fail = (): never => {
    throw new Error(`failed to parse ${JSON.stringify(field)}: expected numbers from ${low} to ${high}`);
  };
  const number = (word: string): number => {
    const named = word === '' ? -1 : names.indexOf(word.toLowerCase());
    const value = named >= 0 ? named : /^\d+$/.test(word) ? Number(word) : fail();
    return value < low || value > high ? fail() : value;
  };
  for (const part of field.split(',')) {
    const [range = '', step = '1', more] = part.split('/');
    if (more !== undefined || !/^[1-9]\d*$/.test(step)) fail();
    const [first = '', last] = range.split('-');
    const any = range === '*' || range === '?';
    const from = any ? low : number(first);
    const to = any ? high : last !== undefined ? number(last) : part.includes('/') ? high : from;
    if (to < from) fail();
    for (let value = from; value <= to; value += Number(step)) found.add(value);
  }
  return found;
}

/** The first time after `after` (milliseconds) that matches the schedule, undefined if there is none (February 30). */
export function nextAfter(schedule: Schedule, after: number, timeZone = 'UTC'): number | undefined {
  // Fields are compared with the wall clock of the zone, kept in a Date as if it were UTC.
  const start = wallClock(after, timeZone);
  const firstMinute = Math.floor(start / MINUTE_MS) * MINUTE_MS + MINUTE_MS;
  let day = Math.floor(firstMinute / DAY_MS) * DAY_MS;
  for (let count = 0; count < LONGEST_WAIT_DAYS; count += 1, day += DAY_MS) {
    if (!dayFits(schedule, new Date(day))) continue;
    for (const minute of minutesOf(schedule)) {
      const wall = day + minute * MINUTE_MS;
      if (wall < firstMinute) continue;
      const instant = instantOf(wall, timeZone);
      if (instant !== undefined && instant > after) return instant;
    }
  }
  return undefined;
}

function* minutesOf({ hours, minutes }: Schedule): Generator<number> {
  for (const hour of [...hours].sort((a, b) => a - b))
    for (const minute of [...minutes].sort((a, b) => a - b)) yield hour * 60 + minute;
}

function dayFits({ months, days, weekdays, either }: Schedule, date: Date): boolean {
  if (!months.has(date.getUTCMonth() + 1)) return false;
  const [byDay, byWeekday] = [days.has(date.getUTCDate()), weekdays.has(date.getUTCDay())];
  return either ? byDay || byWeekday : byDay && byWeekday;
}

function wallClock(instant: number, timeZone: string): number {
  if (timeZone === 'UTC') return instant;
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(instant);
  const part = (type: string): number => Number(parts.find((one) => one.type === type)?.value);
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
}

/** Undefined for an hour skipped by the change to summer time. */
function instantOf(wall: number, timeZone: string): number | undefined {
  if (timeZone === 'UTC') return wall;
  for (const guess of [wall, wall - DAY_MS, wall + DAY_MS]) {
    const instant = wall - (wallClock(guess, timeZone) - guess);
    if (wallClock(instant, timeZone) === wall) return instant;
  }
  return undefined;
}
