/** The `oc adm` commands that kubectl has as well. */
import type { Command } from '../command.ts';
import { OcError } from '../error.ts';
import { becomeKubectl, kubectl } from '../kubectl.ts';

const SHARED = ['drain', 'cordon', 'uncordon', 'taint', 'certificate'] as const;

export const adm: readonly Command[] = [
  ...SHARED.map((verb) => ({
    words: `adm ${verb}`,
    about: `the same as kubectl's ${verb}`,
    run: (words: readonly string[]) => becomeKubectl([verb, ...words]),
  })),
  ...['adm top', 'top'].map((words) => ({
    words,
    about: 'shows the CPU and memory use of nodes and pods, if the cluster has metrics',
    run: top,
  })),
];

/** @throws {OcError} if there are no metrics: kubectl would wait, or print another message. */
async function top(words: readonly string[]): Promise<undefined> {
  const served = await kubectl(['get', '--raw', '/apis/metrics.k8s.io/v1beta1']).catch(() => undefined);
  if (served === undefined)
    throw new OcError('Metrics API not available: this cluster has no metrics of nodes and pods');
  return becomeKubectl(['top', ...words]);
}
