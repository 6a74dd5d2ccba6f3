/**
 * What a whole run of the lab would be, for reporters: without it they cannot tell a complete run from a partial one.
 * It reaches them as `metadata.labwright` of the Playwright configuration or as an attachment of any test.
 */
import type { Lab } from './lab.ts';

export const PLAN_NAME = 'labwright-lab';
export const PLAN_TYPE = 'application/vnd.labwright.lab+json';
export const PLAN_VERSION = 1;

export interface LabPlan {
  readonly version: typeof PLAN_VERSION;
  readonly lab: { readonly name: string; readonly title: string };
  /** Projects that a whole run needs. */
  readonly browsers: readonly string[];
  readonly sections: readonly PlannedSection[];
  /** Where the lab knowingly differs from the printed guide. */
  readonly departures: readonly { readonly guide: string; readonly lab: string; readonly reason: string }[];
  /** Parts of the guide that are not played. */
  readonly skipped: readonly { readonly section: number; readonly what: string; readonly reason: string }[];
}

export interface PlannedSection {
  readonly number: number;
  readonly title: string;
  readonly exercises: readonly PlannedExercise[];
}

export interface PlannedExercise {
  readonly title: string;
  /** Titles in order. */
  readonly steps: readonly string[];
}

/** @param browsers the projects that a whole run of this lab needs. */
export function planOf(lab: Lab, browsers: readonly string[] = ['firefox', 'chromium']): LabPlan {
  return {
    version: PLAN_VERSION,
    lab: { name: lab.name, title: lab.title },
    browsers,
    sections: lab.sections.map((section) => ({
      number: section.number,
      title: section.title,
      exercises: section.exercises.map((exercise) => ({
        title: exercise.title,
        steps: exercise.steps.map((step) => step.title),
      })),
    })),
    departures: lab.departures.map(({ guide, lab: here, reason }) => ({ guide, lab: here, reason })),
    skipped: lab.sections.flatMap((section) =>
      section.exercises.flatMap((exercise) =>
        exercise.skipped.map(({ what, reason }) => ({ section: section.number, what, reason })),
      ),
    ),
  };
}
