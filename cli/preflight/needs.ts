/** What a lab needs of a cluster, from its own files: operators, projects, objects, images. */

import { manifestSources } from '../../language/manifest-sources.ts';
import { imagesOf } from '../../language/manifests.ts';
import { isRecord } from '../../model/fields.ts';
import type { Lab, Position, Section, Step } from '../../model/lab.ts';
import { type Access, accessOf } from '../../steps/index.ts';
import { readLab } from '../../steps/load.ts';
import { type OperatorStep, operator } from '../../steps/operator.ts';
import { run } from '../../steps/run.ts';

export interface Needs {
  readonly operators: readonly { readonly step: OperatorStep; readonly section: number }[];
  /** Projects that the lab's commands create. */
  readonly projects: readonly Project[];
  /** Permissions that the steps' verbs need, each with its step. */
  readonly access: readonly (Access & { readonly because: string })[];
  readonly objects: readonly NeededObject[];
  /** Image references in the lab's manifests. */
  readonly images: readonly string[];
}

export interface Project {
  readonly name: string;
  readonly section: number;
  readonly at: Position;
}

export interface NeededObject {
  readonly apiVersion: string;
  readonly kind: string;
  /** Absent for cluster-scoped kinds, and if the current project is used. */
  readonly namespace?: string;
  readonly at: Position;
}

export function needsOf(lab: Lab): Needs {
  const steps = lab.sections.flatMap((section) => stepsOf(section).map((step) => ({ step, section: section.number })));
  const { contents } = readLab(lab.directory, { sections: lab.sections.map(({ number }) => number) });
  const { sources } = manifestSources(contents, lab.repositories);
  return {
    operators: steps.flatMap(({ step, section }) => (operator.owns(step) ? [{ step, section }] : [])),
    projects: steps.flatMap(({ step, section }) => projectsOf(step).map((name) => ({ name, section, at: step.at }))),
    access: steps.flatMap(({ step, section }) =>
      accessOf(step).map((access) => ({ ...access, because: `section ${section}, ${placeOf(step.at)}` })),
    ),
    objects: sources.flatMap(({ value, document, path }) => objectOf(value, document.at(path))),
    images: [...new Set(sources.flatMap(({ value, path }) => imagesOf(value, path).map(({ image }) => image)))].sort(),
  };
}

/** File and line in the lab, relative to its folder. */
export function placeOf({ file, line }: Position): string {
  return `${file.slice(file.lastIndexOf('/') + 1)}:${line}`;
}

function stepsOf(section: Section): readonly Step[] {
  return section.exercises.flatMap(({ steps }) => steps);
}

function projectsOf(step: Step): string[] {
  if (!run.owns(step)) return [];
  return [...step.command.matchAll(/\boc new-project (?:--\S+ )*([a-z0-9][a-z0-9-]*)/g)].map(([, name = '']) => name);
}

function objectOf(value: unknown, at: Position): NeededObject[] {
  if (!isRecord(value) || typeof value['apiVersion'] !== 'string' || typeof value['kind'] !== 'string') return [];
  const metadata = isRecord(value['metadata']) ? value['metadata'] : {};
  const { namespace } = metadata;
  return [
    {
      apiVersion: value['apiVersion'],
      kind: value['kind'],
      at,
      ...(typeof namespace === 'string' ? { namespace } : {}),
    },
  ];
}
