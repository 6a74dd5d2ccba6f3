import { check } from '../../../steps/check.ts';
import { insertStep } from '../../edit.ts';
import type { PlacedManifest, Subject } from '../../subject.ts';
import { inNamespace, type Occasion, type Operator, WORKLOADS } from '../operator.ts';

export const workloadDown: Operator = {
  name: 'platform/workload-down',
  summary: 'a workload is scaled to zero after it was ready',
  missing: 'a check that needs the workload, after the exercise in which it is made',
  occasions: (subject) =>
    subject.manifests
      .filter(({ kind }) => WORKLOADS.includes(kind) && kind !== 'Job' && kind !== 'DaemonSet')
      .flatMap((workload) => occasionsOf(workload, subject)),
};

function occasionsOf({ kind, name, object, uses }: PlacedManifest, { steps }: Subject): Occasion[] {
  const made = uses.find(({ step }) => !check.owns(step));
  const next = steps.find(({ ordinal }) => made !== undefined && ordinal > made.ordinal);
  if (next === undefined) return [];
  const run = `oc scale ${kind.toLowerCase()}/${name} --replicas=0${inNamespace(object)}`;
  return [
    {
      edit: insertStep(next.document, next.path, { run, title: 'Scaled to zero' }),
      description: `${kind} ${name} is scaled to nothing after the exercise that makes it`,
      from: next,
      // Pages and subsets name a version by the last part of the workload's name.
      about: [name, ...name.split('-').filter((part) => /^v\d+$/.test(part))],
    },
  ];
}
