import { insertStep } from '../../edit.ts';
import type { PlacedManifest, Subject } from '../../subject.ts';
import { inNamespace, type Occasion, type Operator } from '../operator.ts';

export const serviceGone: Operator = {
  name: 'platform/service-gone',
  summary: 'a Service is deleted after the exercise that makes it',
  missing: 'a check that needs an answer of the Service, after the exercise in which it is made',
  occasions: (subject) =>
    subject.manifests.filter(({ kind }) => kind === 'Service').flatMap((service) => occasionsOf(service, subject)),
};

function occasionsOf({ name, object, uses: [made] }: PlacedManifest, { steps }: Subject): Occasion[] {
  const next = steps.find(({ ordinal }) => made !== undefined && ordinal > made.ordinal);
  if (next === undefined) return [];
  return [
    {
      edit: insertStep(next.document, next.path, {
        run: `oc delete service/${name}${inNamespace(object)}`,
        title: 'Deleted',
      }),
      description: `Service ${name} is deleted after the exercise that makes it`,
      from: next,
      about: [name],
    },
  ];
}
