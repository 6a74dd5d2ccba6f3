/** The verbs of the language. A new one is a file beside these, its schema under `schemas/verbs/`, and a line here. */
import type { Reading } from '../language/reading.ts';
import type { RawStep } from '../language/schema.generated.ts';
import type { Path } from '../language/yaml-document.ts';
import type { Step } from '../model/lab.ts';
import { apply } from './apply.ts';
import { browse } from './browse.ts';
import { call } from './call.ts';
import { check } from './check.ts';
import { deleteVerb } from './delete.ts';
import { operator } from './operator.ts';
import { ready } from './ready.ts';
import { run } from './run.ts';
import { sample } from './sample.ts';
import type { Verb } from './verb.ts';

const VERBS: readonly Verb[] = [run, check, apply, deleteVerb, operator, ready, browse, sample, call];

const BY_NAME: ReadonlyMap<string, Verb> = new Map(VERBS.map((verb) => [verb.name, verb]));

/** @throws if no verb has that name: the step was not read by `readStep`. */
export function verbOf(step: Step): Verb {
  const verb = BY_NAME.get(step.verb);
  if (verb === undefined) throw new Error(`there is no verb ${step.verb}`);
  return verb;
}

/**
 * Turns a step in the schema's form into the typed step: defaults filled in, durations and shares as numbers, each part with its
 * position.
 * @param path position of the step.
 */
export function readStep(raw: RawStep, path: Path, reading: Reading): Step {
  for (const verb of VERBS) {
    const step = verb.read(raw, path, reading);
    if (step !== undefined) return step;
  }
  throw new Error(`the schema has a verb that steps/verbs.ts does not list: ${Object.keys(raw).join(', ')}`);
}
