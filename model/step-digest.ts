/** Digests of steps as they are written: they show whether two processes have read the same text of a lab. */
import { createHash } from 'node:crypto';
import type { Lab, Step } from './lab.ts';

/** @returns the SHA-256 of the steps' YAML, in hexadecimal. */
export function digestOf(steps: readonly Step[]): string {
  // As JSON, so that moving text from one step to the next changes the digest.
  return createHash('sha256')
    .update(JSON.stringify(steps.map(({ yaml }) => yaml)))
    .digest('hex');
}

/**
 * @param file the section's YAML.
 * @param exercise counted from 0 within the section.
 * @returns the digest of all steps of the lab up to the end of that exercise; of no steps if the lab has no such section.
 */
export function digestUpTo(lab: Lab, file: string, exercise: number): string {
  const index = lab.sections.findIndex((section) => section.file === file);
  const before = lab.sections.slice(0, Math.max(index, 0)).flatMap(({ exercises }) => exercises);
  const own = lab.sections[index]?.exercises.slice(0, exercise + 1) ?? [];
  return digestOf([...before, ...own].flatMap(({ steps }) => steps));
}
