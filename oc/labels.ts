/** `--labels a=b,c=d`, which can be repeated. */
import { OcError } from './error.ts';

/** @throws {OcError} for a part that is not `key=value`. */
export function labelsFrom(given: readonly string[]): Record<string, string> {
  const parts = given.flatMap((one) => one.split(',')).filter((part) => part !== '');
  return Object.fromEntries(
    parts.map((part): [string, string] => {
      const [key = '', value, ...more] = part.split('=');
      if (key === '' || value === undefined || more.length > 0) throw new OcError(`unexpected label spec: ${part}`);
      return [key, value];
    }),
  );
}
