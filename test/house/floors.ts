/**
 * The rooms, floor by floor: a file may import its own room and rooms on lower floors, never one above or beside it.
 * CONTRIBUTING.md draws the same picture.
 */
import type { Source } from './imports.ts';

/** From the top of the house to its foundation. */
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

/** Inside the sandbox, likewise. `sandbox` is what lies beside its rooms and starts them. */
export const SANDBOX_FLOORS: readonly (readonly string[])[] = [
  ['sandbox'],
  ['sandbox/boot'],
  ['sandbox/node', 'sandbox/openshift'],
  ['sandbox/mesh'],
  ['sandbox/api', 'sandbox/controllers', 'sandbox/xds'],
  ['sandbox/client'],
  ['sandbox/fields', 'sandbox/labels', 'sandbox/runtime'],
];

/** What every part of the sandbox is told and hands back; not the room that starts them. */
const CONTRACTS = ['sandbox/component.ts', 'sandbox/imitations.ts', 'sandbox/types.ts'];

/** The room a file is in; undefined for what belongs to none (the root, labs, oc). */
export function roomOf(file: string): string | undefined {
  return FLOORS.flat().find((room) => file.startsWith(`${room}/`));
}

/** `sandbox/node` for a file in it or below, `sandbox` for a file beside the rooms, undefined outside. */
export function sandboxRoomOf(file: string): string | undefined {
  if (!file.startsWith('sandbox/') || CONTRACTS.includes(file)) return undefined;
  return SANDBOX_FLOORS.flat().find((room) => room !== 'sandbox' && file.startsWith(`${room}/`)) ?? 'sandbox';
}

/** Imports that leave a room other than downwards: `a.ts → b.ts`. */
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
