import { insertStep } from '../../edit.ts';
import type { PlacedManifest, Subject } from '../../subject.ts';
import { listAt, textAt, textsAt } from '../../tree.ts';
import { inNamespace, type Occasion, type Operator, TEMPLATE, WORKLOADS } from '../operator.ts';

/** A Service selects every pod with its labels, no matter who created it. */
export const strayPod: Operator = {
  name: 'platform/stray-pod',
  summary: 'a pod without a proxy has the labels of a workload that it does not belong to',
  missing: 'a check that lists the pods behind each Service',
  occasions: (subject) =>
    subject.manifests.filter(({ kind }) => kind === 'Service').flatMap((service) => occasionsFor(service, subject)),
};

function occasionsFor(service: PlacedManifest, { manifests, steps }: Subject): Occasion[] {
  const [made] = service.uses;
  const selector = [...textsAt(service.object, ['spec', 'selector'])];
  const workload = manifests.find(({ kind, object }) => {
    const labels = textsAt(object, [...TEMPLATE, 'metadata', 'labels']);
    return WORKLOADS.includes(kind) && selector.every(([key, value]) => labels.get(key) === value);
  });
  const next = steps.find(({ ordinal }) => made !== undefined && ordinal > made.ordinal);
  const [container] = listAt(workload?.object, ['spec', 'template', 'spec', 'containers']);
  const image = textAt(container, ['image']);
  if (next === undefined || image === undefined || selector.length === 0) return [];
  const labels = selector.map(([key, value]) => `${key}=${value}`).join(',');
  const name = `stray-${service.name}`;
  const where = inNamespace(service.object);
  const run = `oc run ${name} --image=${image} --labels=${labels}${where} && oc wait pod/${name} --for=condition=Ready --timeout=60s${where}`;
  return [
    {
      edit: insertStep(next.document, next.path, { run, title: 'A stray pod' }),
      description: `a stray pod without a proxy is behind Service ${service.name}`,
      from: next,
      about: [name, service.name],
    },
  ];
}
