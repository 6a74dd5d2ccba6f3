/** For the certificate: which parts of a sandbox run are imitated, and the lab's own copies and programs. */

import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { load } from 'js-yaml';
import type { ClusterApi, ServedKind } from '../kube/types.ts';
import { groupOf } from '../model/api-version.ts';
import type { Observation } from '../model/evidence.ts';
import { isRecord } from '../model/fields.ts';
import type { FigureSource } from '../model/figure-source.ts';
import type { Lab } from '../model/lab.ts';
import type { Provenance } from '../model/provenance.ts';
import { IMITATIONS } from '../sandbox/index.ts';

/** What a lab uses in place of what the guide names. */
export function provenanceOf(lab: Lab, figures: readonly FigureSource[]): Provenance {
  return { figures, repositories: lab.repositories.map(({ url }) => url), images: programsOf(lab.images) };
}

/** @param file the lab's images.yaml, which `validate` has checked; a lab without one has no programs of its own. */
function programsOf(file: string): Provenance['images'] {
  let content: unknown;
  try {
    content = load(readFileSync(file, 'utf8'));
  } catch {
    return [];
  }
  const images = isRecord(content) && Array.isArray(content['images']) ? content['images'] : [];
  return images.filter(isRecord).map(({ image, command }) => ({ image: String(image), program: programOf(command) }));
}

/** The lab's own file in a command (`./images/app.ts`), or else the machine's program. */
function programOf(command: unknown): string {
  const words = Array.isArray(command) ? command.map(String) : [];
  return basename(words.find((word) => word.startsWith('./')) ?? words[0] ?? '');
}

/**
 * Which imitated parts judged a step in the sandbox.
 * @param observations what the step saw: objects, and commands whose arguments name the kinds that were read.
 * @returns a sentence for each imitated part, without its full stop.
 */
export async function imitatedPartsOf(observations: readonly Observation[], api: Discovery): Promise<string[]> {
  const kinds = await Promise.all(observations.flatMap((seen) => kindsRead(seen, api)));
  const says = kinds.flatMap((kind) => (kind === undefined ? [] : imitationsOf(kind)));
  return [...new Set(says)];
}

function kindsRead(seen: Observation, api: Discovery): Promise<ServedKind | undefined>[] {
  if (seen.kind === 'command') return resourcesNamed(seen.command).map((name) => api.resolve(name));
  if (seen.kind !== 'object' || !isRecord(seen.object)) return [];
  const { apiVersion, kind } = seen.object;
  return typeof apiVersion === 'string' && typeof kind === 'string' ? [api.resolveObject(apiVersion, kind)] : [];
}

function imitationsOf({ apiVersion, plural }: ServedKind): string[] {
  const group = groupOf(apiVersion);
  return IMITATIONS.filter(
    ({ group: imitated, resources }) => imitated === group && (resources === undefined || resources.includes(plural)),
  ).map(({ says }) => says);
}

type Discovery = Pick<ClusterApi, 'resolve' | 'resolveObject'>;

const READING = /^(?:get|describe|wait|explain)$/;

/** The resources that a shell command's calls of `oc` and `kubectl` read: `smcp`, `nodes`, `clusterversions`. */
export function resourcesNamed(command: string): string[] {
  return [...command.matchAll(/(?:^|[\s;&|(`$])(oc|kubectl)\s+([^|;&\n)`]*)/g)].flatMap(([, program, rest = '']) => {
    const [verb = '', named = ''] = rest.split(/\s+/).filter((word, index, words) => isOperand(word, words[index - 1]));
    if (program === 'oc' && verb === 'version') return ['clusterversions'];
    return READING.test(verb)
      ? named
          .split(',')
          .map((part) => part.replace(/\/.*/, ''))
          .filter(Boolean)
      : [];
  });
}

/** Neither an option nor its value, as in `-n NAMESPACE`. */
function isOperand(word: string, before: string | undefined): boolean {
  return (
    word !== '' &&
    !word.startsWith('-') &&
    !/^-(?:[nlofc]|-(?:namespace|selector|output|context|filename))$/.test(before ?? '')
  );
}
