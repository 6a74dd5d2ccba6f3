/**
 * Parses attachments into typed evidence. Evidence of older and newer versions is read as far as possible; a note reports
 * everything left out.
 */

import { Ajv, type ErrorObject } from 'ajv';
import { ANSWERS_VERSION, type Answers } from '../model/answers.ts';
import { EVIDENCE_VERSION, type Observation, type StepEvidence } from '../model/evidence.ts';
import { isRecord } from '../model/fields.ts';
import { type LabPlan, PLAN_VERSION } from '../model/plan.ts';
import { answersSchema, evidenceSchema, observationSchema, planSchema } from './evidence.schema.ts';
import { plainAll } from './plain.ts';

/** From this version on, evidence is read completely. */
const OLDEST_EVIDENCE = 1;

const ajv = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true });
const isEvidence = ajv.compile<StepEvidence>(evidenceSchema);
const isObservation = ajv.compile<Observation>(observationSchema);
const isAnswers = ajv.compile<Answers>(answersSchema);
const isPlan = ajv.compile<LabPlan>(planSchema);

export interface Parsed<T> {
  /** Absent if nothing could be read. */
  readonly value?: T;
  /** What could not be read, for people. */
  readonly notes: readonly string[];
}

/** @param text the attachment's JSON. */
export function parseEvidence(text: string): Parsed<StepEvidence> {
  const document = parseJson(text);
  if (!isRecord(document)) return { notes: ['A step’s evidence is not a JSON object and is not shown.'] };
  const notes = versionNotes('A step’s evidence', document['version'], EVIDENCE_VERSION, OLDEST_EVIDENCE);
  const observations: Observation[] = [];
  const listed = Array.isArray(document['observations']) ? document['observations'] : [];
  for (const entry of listed) {
    if (isObservation(entry)) observations.push(entry);
    else notes.push(unreadable(`An observation of kind “${kindOf(entry)}”`, isObservation.errors));
  }
  const evidence: unknown = { ...document, version: EVIDENCE_VERSION, observations };
  if (isEvidence(evidence)) return { value: evidence, notes };
  return { notes: [...notes, unreadable('A step’s evidence', isEvidence.errors)] };
}

/** @param text the attachment's JSON: who answered the requests of an exercise. */
export function parseAnswers(text: string): Parsed<Answers> {
  const answers = parseJson(text);
  if (!isRecord(answers)) return { notes: ['What proxies logged is not a JSON object and is not shown.'] };
  const notes = versionNotes('What proxies logged', answers['version'], ANSWERS_VERSION);
  if (isAnswers(answers)) return { value: answers, notes };
  return { notes: [...notes, unreadable('What proxies logged', isAnswers.errors)] };
}

/** @param document from the configuration's metadata, or an attachment's text. */
export function parsePlan(document: unknown): Parsed<LabPlan> {
  const plan = typeof document === 'string' ? parseJson(document) : plainAll(document);
  if (!isRecord(plan)) return { notes: ['The lab’s plan is not a JSON object and is not used.'] };
  const notes = versionNotes('The lab’s plan', plan['version'], PLAN_VERSION);
  const complete: unknown = { departures: [], skipped: [], ...plan, version: PLAN_VERSION };
  if (isPlan(complete)) return { value: complete, notes };
  return { notes: [...notes, unreadable('The lab’s plan', isPlan.errors)] };
}

function versionNotes(what: string, version: unknown, known: number, oldest = known): string[] {
  if (typeof version !== 'number') return [`${what} has no version; it is read as version ${known}.`];
  if (version >= oldest && version <= known) return [];
  const age = version > known ? 'a newer' : 'an older';
  return [
    `${what} was written by ${age} Labwright (version ${version}, this one reads ${known}); it is shown as far as possible.`,
  ];
}

function unreadable(what: string, errors: ErrorObject[] | null | undefined): string {
  const first = errors?.[0];
  const where = first === undefined ? '' : ` (${first.instancePath || 'top level'} ${first.message ?? 'is wrong'})`;
  return `${what} could not be read${where} and is not shown.`;
}

function parseJson(text: string): unknown {
  try {
    return plainAll(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function kindOf(value: unknown): string {
  return isRecord(value) && typeof value['kind'] === 'string' ? value['kind'] : 'unknown';
}
