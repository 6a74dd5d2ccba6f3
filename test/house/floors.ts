/**
 * The rooms (folders), floor by floor: a file may import from its own room and from lower floors, never from above or beside it.
 * CONTRIBUTING.md draws the same picture.
 */
import type { Source } from './imports.ts';

/** From top to bottom. */
export const FLOORS: readonly (readonly string[])[] = [
  ['bench', 'cli'],
  ['mutate'],
  ['fixtures'],
  ['host'],
  ['guard', 'steps'],
  ['language'],
  ['console', 'expect', 'kube', 'reporters', 'sandbox'],
  ['model'],
  ['certificates'],
  ['schemas', 'setup'],
];

/** The same within the sandbox. `sandbox` stands for the files beside its rooms, which start them. */
export const SANDBOX_FLOORS: readonly (readonly string[])[] = [
  ['sandbox'],
  ['sandbox/boot'],
  ['sandbox/node', 'sandbox/openshift'],
  ['sandbox/mesh'],
  ['sandbox/api', 'sandbox/controllers', 'sandbox/xds'],
  ['sandbox/client'],
  ['sandbox/fields', 'sandbox/labels', 'sandbox/runtime'],
];

/** Types that every part of the sandbox uses, although the files lie beside the rooms. */
const CONTRACTS = ['sandbox/component.ts', 'sandbox/imitations.ts', 'sandbox/types.ts'];

/** The room of a file; undefined for files outside all rooms (the root, labs, oc). */
export function roomOf(file: string): string | undefined {
  return FLOORS.flat().find((room) => file.startsWith(`${room}/`));
}

/** `sandbox/node` for a file in it or below, `sandbox` for a file beside the rooms, undefined outside the sandbox. */
export function sandboxRoomOf(file: string): string | undefined {
  if (!file.startsWith('sandbox/') || CONTRACTS.includes(file)) return undefined;
  return SANDBOX_FLOORS.flat().find((room) => room !== 'sandbox' && file.startsWith(`${room}/`)) ?? 'sandbox';
}

/** Imports from a room to one that is not below it: `a.ts → b.ts`. */
export function upwardImports(sources: readonly Source[]): string[] {
  return sources.flatMap(({ file, imports }) =>
    imports
      .filter(
        (target) => isUpward(FLOORS, roomOf, file, target) || isUpward(SANDBOX_FLOORS, sandboxRoomOf, file, target),
      )
      .map((target) => `${file} → ${target}`),
  );
}

function isUpward(
  floors: readonly (readonly string[])[],
  room: (file: string) => string | undefined,
  file: string,
  target: string,
): boolean {
  const [from, to] = [room(file), room(target)];
  if (from === undefined || to === undefined || from === to) return false;
  const floorOf = (name: string) => floors.findIndex((floor) => floor.includes(name));
  return floorOf(to) <= floorOf(from);
}
