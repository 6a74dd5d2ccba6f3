import { check } from '../../../steps/check.ts';
import { insertStep } from '../../edit.ts';
import type { PlacedManifest } from '../../subject.ts';
import { listAt } from '../../tree.ts';
import { inNamespace, type Occasion, type Operator } from '../operator.ts';

/** Of two VirtualServices for the same host, the older one's rules come first, so the mistake depends on their order. */
export const ruleLeft: Operator = {
  name: 'platform/rule-left',
  summary: 'a second VirtualService is for the same host and gateway',
  missing: 'a check that lists all VirtualServices of the project',
  occasions: ({ manifests }) => {
    const seen = new Set<string>();
    return manifests.flatMap((rule): Occasion[] => {
      if (rule.kind !== 'VirtualService' || seen.has(rule.name)) return [];
      seen.add(rule.name);
      return occasionsFor(rule);
    });
  },
};

function occasionsFor({ object, name, uses }: PlacedManifest): Occasion[] {
  const from = uses.find(({ step }) => !check.owns(step));
  const [host] = listAt(object, ['spec', 'http']).flatMap((rule) => listAt(rule, ['route']));
  if (from === undefined || host === undefined) return [];
  const second = {
    apiVersion: 'networking.istio.io/v1beta1',
    kind: 'VirtualService',
    metadata: { name: `${name}-left-over` },
    spec: {
      hosts: listAt(object, ['spec', 'hosts']),
      gateways: listAt(object, ['spec', 'gateways']),
      http: [{ match: [{ uri: { prefix: '/left-over' } }], route: [host] }],
    },
  };
  const run = `echo '${JSON.stringify(second)}' | oc create${inNamespace(object)} -f -`;
  return [
    {
      edit: insertStep(from.document, from.path, { run, title: 'Left over' }),
      description: `a second VirtualService beside ${name}`,
      from,
      about: [name, 'left-over'],
    },
  ];
}
