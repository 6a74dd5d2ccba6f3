/** The fields that all steps have. */
import type { Step } from '../model/lab.ts';
import { readDrift } from './drift.ts';
import type { Reading } from './reading.ts';
import type { RawOperatorDrift } from './schema.generated.ts';
import type { Path } from './yaml-document.ts';

/** @param does what the step does, in one line. */
export function baseOf(
  verb: string,
  raw: { readonly title?: string; readonly drift?: RawOperatorDrift },
  does: string,
  path: Path,
  reading: Reading,
): Omit<Step, 'verb'> {
  const { document } = reading;
  return {
    at: document.keyAt([...path, verb]),
    title: raw.title ?? does,
    yaml: document.source(path),
    ...(raw.drift === undefined ? {} : { drift: readDrift(raw.drift, path, reading) }),
  };
}
