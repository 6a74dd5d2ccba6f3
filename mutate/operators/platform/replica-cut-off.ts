import { check } from '../../../steps/check.ts';
import { insertStep } from '../../edit.ts';
import type { PlacedManifest } from '../../subject.ts';
import { textsAt } from '../../tree.ts';
import { type Operator, TEMPLATE, WORKLOADS } from '../operator.ts';

/** What databases call their replicas. */
const REPLICA = /\b(?:replica|slave|secondary|standby|follower)\b/i;

/** The replicas run and are ready, but never receive any data. */
export const replicaCutOff: Operator = {
  name: 'platform/replica-cut-off',
  summary: 'the replicas of a database do not replicate, because they can’t reach the primary',
  missing: 'a check that what is written to the primary can be read from each replica',
  occasions: ({ manifests }) =>
    manifests.flatMap((workload) => {
      const labels = textsAt(workload.object, [...TEMPLATE, 'metadata', 'labels']);
      const from = workload.uses.find(({ step }) => !check.owns(step));
      if (from === undefined || !isReplica(workload, labels)) return [];
      const run = `project=$(oc project -q); echo '${policyFor(workload.name, labels)}' | sed "s/PROJECT/$project/" | oc create -f -`;
      return [
        {
          edit: insertStep(from.document, from.path, { run, title: 'Cut off' }),
          description: `a NetworkPolicy drops what the pods of ${workload.name} send within their project`,
          from,
          about: [workload.name, 'replica'],
        },
      ];
    }),
};

function isReplica({ kind, name }: PlacedManifest, labels: ReadonlyMap<string, string>): boolean {
  return WORKLOADS.includes(kind) && [name, ...labels.values()].some((text) => REPLICA.test(text));
}

/** As JSON, with PROJECT for the shell's current project. DNS and the mesh's control plane stay reachable. */
function policyFor(name: string, labels: ReadonlyMap<string, string>): string {
  const elsewhere = { key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['PROJECT'] };
  return JSON.stringify({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: `cut-off-${name}` },
    spec: {
      podSelector: { matchLabels: Object.fromEntries(labels) },
      policyTypes: ['Egress'],
      egress: [{ to: [{ namespaceSelector: { matchExpressions: [elsewhere] } }] }],
    },
  });
}
