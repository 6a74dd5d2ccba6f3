/** Fields that hold a number of pods, or a percentage of them. */
import { number } from '../../../model/fields.ts';
import type { StatusCause } from '../status.ts';
import { invalidValue, nonNegative } from './causes.ts';

const PERCENT_MESSAGE =
  "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";

export function shareCauses(value: unknown, field: string): StatusCause[] {
  if (typeof value !== 'string') return nonNegative(field, value);
  return /^\d+%$/.test(value) ? [] : [invalidValue(field, value, PERCENT_MESSAGE)];
}

export function notMoreThanAll(value: unknown, field: string): StatusCause[] {
  const tooMuch = typeof value === 'string' && /^\d+%$/.test(value) && Number.parseInt(value, 10) > 100;
  return tooMuch ? [invalidValue(field, value, 'must not be greater than 100%')] : [];
}

/** The number, or the percentage without its sign. */
export function share(value: unknown): number {
  return typeof value === 'string' ? Number.parseInt(value, 10) || 0 : number(value);
}
