/** Values that istiod cannot even decode: then nothing else about the object is judged. */

/** Its message follows `error decoding configuration: `. */
export class DecodingError extends Error {}

/** @throws {DecodingError} for a text that is not a Go duration, with the message of Go's `time.ParseDuration`. */
export function undecodableDuration(duration: string): never {
  const quoted = JSON.stringify(duration);
  const unit = /^[-+]?(?:[\d.]+(?:h|m|s|ms|us|µs|ns))*[\d.]+([^\d.]*)/.exec(duration);
  const why =
    unit === null
      ? `time: invalid duration ${quoted}`
      : unit[1] === ''
        ? `time: missing unit in duration ${quoted}`
        : `time: unknown unit ${JSON.stringify(unit[1])} in duration ${quoted}`;
  throw new DecodingError(`bad Duration: ${why}`);
}

/** @throws {DecodingError} for a negative number in a field that has no sign. */
export function requireUnsigned(...values: readonly (number | undefined)[]): void {
  const negative = values.find((value) => value !== undefined && value < 0);
  if (negative !== undefined)
    throw new DecodingError(`json: cannot unmarshal number ${negative} into Go value of type uint32`);
}

/** @throws {DecodingError} for a value that the type does not have. @param type e.g. `istio.networking.v1alpha3.EnvoyFilter.ApplyTo`. */
export function requireEnum(value: string | undefined, type: string, values: readonly string[]): void {
  if (value !== undefined && !values.includes(value))
    throw new DecodingError(`unknown value ${JSON.stringify(JSON.stringify(value))} for enum ${type}`);
}
