import type { Path } from '../../../language/yaml-document.ts';
import { check } from '../../../steps/check.ts';
import { insertStep } from '../../edit.ts';
import type { PlacedManifest, Subject } from '../../subject.ts';
import { listAt, numberAt, textAt, textsAt } from '../../tree.ts';
import { inNamespace, type Occasion, type Operator, TEMPLATE, WORKLOADS } from '../operator.ts';

/** The most specific policy wins: workload over namespace, namespace over mesh. */
export const softened: Operator = {
  name: 'security/softened',
  summary: 'a more specific policy for a workload is less strict than the general one',
  missing: 'a check that lists all policies that concern the app, or a call in plaintext to each of its Services',
  occasions: (subject) =>
    subject.manifests
      .filter(({ kind, object }) => kind === 'PeerAuthentication' && textAt(object, MODE) === 'STRICT')
      .flatMap((policy) => occasionsFor(policy, subject)),
};

const MODE: Path = ['spec', 'mtls', 'mode'];

function occasionsFor({ uses }: PlacedManifest, { manifests }: Subject): Occasion[] {
  const from = uses.find(({ step }) => !check.owns(step));
  const workload = manifests.findLast(({ kind }) => WORKLOADS.includes(kind));
  if (from === undefined || workload === undefined) return [];
  const { name, object } = workload;
  const labels = Object.fromEntries(textsAt(object, [...TEMPLATE, 'metadata', 'labels']));
  const [port] = listAt(object, ['spec', 'template', 'spec', 'containers']).flatMap((container) =>
    listAt(container, ['ports']).flatMap((one) => numberAt(one, ['containerPort']) ?? []),
  );
  const specs = [
    { what: 'in PERMISSIVE mode', spec: { mtls: { mode: 'PERMISSIVE' } } },
    ...(port === undefined
      ? []
      : [
          {
            what: `with port ${port} in PERMISSIVE mode`,
            spec: { mtls: { mode: 'STRICT' }, portLevelMtls: { [port]: { mode: 'PERMISSIVE' } } },
          },
        ]),
  ];
  return specs.map(({ what, spec }): Occasion => {
    const policy = {
      apiVersion: 'security.istio.io/v1beta1',
      kind: 'PeerAuthentication',
      metadata: { name: 'softened' },
      spec: { selector: { matchLabels: labels }, ...spec },
    };
    const run = `echo '${JSON.stringify(policy)}' | oc create${inNamespace(object)} -f -`;
    return {
      edit: insertStep(from.document, from.path, { run, title: 'Softened' }),
      description: `a PeerAuthentication for ${name} alone, ${what}`,
      from,
      about: [name, 'softened', 'PERMISSIVE'],
    };
  });
}
