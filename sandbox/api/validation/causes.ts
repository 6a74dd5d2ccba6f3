/** Validation causes with kube-apiserver's messages (apimachinery, util/validation/field). */
import type { StatusCause } from '../status.ts';

/** @param field e.g. `spec.ports[0].port`. @param why empty for the value alone. */
export function invalidValue(field: string, value: unknown, why: string): StatusCause {
  const shown = `Invalid value: ${JSON.stringify(value ?? null)}`;
  return { reason: 'FieldValueInvalid', message: why === '' ? shown : `${shown}: ${why}`, field };
}

/** For a whole object, which is not printed. */
export function invalidPart(field: string, why: string): StatusCause {
  return { reason: 'FieldValueInvalid', message: `Invalid value: ${why}`, field };
}

export function required(field: string, why = ''): StatusCause {
  return { reason: 'FieldValueRequired', message: `Required value${why === '' ? '' : `: ${why}`}`, field };
}

export function unsupported(field: string, value: unknown, supported: readonly string[]): StatusCause {
  const list = supported.map((one) => JSON.stringify(one)).join(', ');
  return {
    reason: 'FieldValueNotSupported',
    message: `Unsupported value: ${JSON.stringify(value)}: supported values: ${list}`,
    field,
  };
}

export function duplicate(field: string, value: unknown): StatusCause {
  return { reason: 'FieldValueDuplicate', message: `Duplicate value: ${JSON.stringify(value)}`, field };
}

export function forbiddenField(field: string, why: string): StatusCause {
  return { reason: 'FieldValueForbidden', message: `Forbidden: ${why}`, field };
}

export function missing(field: string, value: unknown): StatusCause {
  return { reason: 'FieldValueNotFound', message: `Not found: ${JSON.stringify(value)}`, field };
}

export function tooLong(field: string, bytes: number): StatusCause {
  return { reason: 'FieldValueTooLong', message: `Too long: may not be more than ${bytes} bytes`, field };
}

/** One cause for each problem with a value. */
export function invalidFor(field: string, value: unknown, problems: readonly string[]): StatusCause[] {
  return problems.map((why) => invalidValue(field, value, why));
}

export function nonNegative(field: string, value: unknown): StatusCause[] {
  return typeof value === 'number' && value < 0
    ? [invalidValue(field, value, 'must be greater than or equal to 0')]
    : [];
}

export function immutable(field: string, value: unknown): StatusCause {
  return invalidValue(field, value, 'field is immutable');
}
