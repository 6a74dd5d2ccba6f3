/**
 * The steps of a complete run of the lab, for reporters: without it they cannot tell a complete run from a partial one. It reaches
 * them as `metadata.labwright` of the Playwright configuration or as an attachment of any test.
 */
import type { Lab } from './lab.ts';

export const PLAN_NAME = 'labwright-lab';
export const PLAN_TYPE = 'application/vnd.labwright.lab+json';
export const PLAN_VERSION = 1;

export interface LabPlan {
  readonly version: typeof PLAN_VERSION;
  readonly lab: { readonly name: string; readonly title: string };
  /** Projects of a complete run. */
  readonly browsers: readonly string[];
  readonly sections: readonly PlannedSection[];
  /** Where the lab deliberately differs from the printed guide. */
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

/** @param browsers the projects that a complete run of this lab needs. */
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
    departures: [
      ...lab.departures.map(({ guide, lab: here, reason }) => ({ guide, lab: here, reason })),
      ...clicks(lab),
    ],
    skipped: lab.sections.flatMap((section) =>
      section.exercises.flatMap((exercise) =>
        exercise.skipped.map(({ what, reason }) => ({ section: section.number, what, reason })),
      ),
    ),
  };
}

/** Verbs that stand for clicks in the web console. */
const CONSOLE_VERBS: readonly string[] = ['operator', 'apply', 'delete'];

/**
 * What the guide clicks in the web console and the lab does through the API: a departure of every lab that has such steps. Whether a
 * step with `console:` was clicked is known from its evidence alone.
 */
function clicks(lab: Lab): LabPlan['departures'] {
  const steps = lab.sections.flatMap(({ exercises }) => exercises.flatMap((exercise) => exercise.steps));
  const unclicked = steps.filter((step) => CONSOLE_VERBS.includes(step.verb) && step.console === undefined);
  const titles = unclicked.map(({ title }) => title);
  if (titles.length === 0) return [];
  return [
    {
      guide: `clicks in the web console: ${titles.join('; ')}`,
      lab: 'the same objects, created through the API',
      reason: 'the run shows that these objects do what the guide says, not that the console’s forms create them',
    },
  ];
}
