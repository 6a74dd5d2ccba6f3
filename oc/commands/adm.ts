/** `oc adm` of what kubectl has as well. */
import type { Command } from '../command.ts';
import { OcError } from '../error.ts';
import { becomeKubectl, kubectl } from '../kubectl.ts';

const SHARED = ['drain', 'cordon', 'uncordon', 'taint', 'certificate'] as const;

export const adm: readonly Command[] = [
  ...SHARED.map((verb) => ({
    words: `adm ${verb}`,
    about: `as kubectl's ${verb}`,
    run: (words: readonly string[]) => becomeKubectl([verb, ...words]),
  })),
  ...['adm top', 'top'].map((words) => ({
    words,
    about: 'what nodes and pods use, where the cluster measures it',
    run: top,
  })),
];

/** @throws {OcError} where nothing measures: kubectl would wait for it, or say something else. */
async function top(words: readonly string[]): Promise<undefined> {
  const served = await kubectl(['get', '--raw', '/apis/metrics.k8s.io/v1beta1']).catch(() => undefined);
  if (served === undefined)
    throw new OcError('Metrics API not available: nothing on this cluster measures what nodes and pods use');
  return becomeKubectl(['top', ...words]);
}
