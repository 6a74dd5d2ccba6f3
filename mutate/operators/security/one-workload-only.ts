import { textsAt, valueAt } from '../../tree.ts';
import { onManifests, TEMPLATE, WORKLOADS } from '../operator.ts';

export const oneWorkloadOnly = onManifests({
  name: 'security/one-workload-only',
  summary: 'a policy for all workloads applies to only one',
  missing: 'a call to another workload that the policy must refuse',
  kinds: ['PeerAuthentication', 'AuthorizationPolicy', 'RequestAuthentication'],
  changes: ({ object }, { manifests }) => {
    if (valueAt(object, ['spec', 'selector']) !== undefined) return [];
    const workload = manifests.find(({ kind }) => WORKLOADS.includes(kind));
    if (workload === undefined) return [];
    const labels = Object.fromEntries(textsAt(workload.object, [...TEMPLATE, 'metadata', 'labels']));
    return [
      {
        path: ['spec', 'selector'],
        value: { matchLabels: labels },
        description: `only for ${workload.kind} ${workload.name}`,
        about: ['without sidecar', 'reset'],
      },
    ];
  },
});
