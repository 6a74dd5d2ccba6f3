/** The pod that a Job creates. */

import { randomName } from '../client/hash.ts';
import type { Container, Pod } from '../client/kinds.ts';
import { controllerReference } from '../client/ownership.ts';
import type { Job } from './batch-kinds.ts';
import { INDEX } from './job-status.ts';

/** @param index completion index, for Jobs that have them. */
export function jobPod(job: Job, index: number | undefined): Pod {
  const { template } = job.spec;
  const { labels, annotations } = template.metadata ?? {};
  const { name, namespace } = job.metadata;
  const marks = index === undefined ? {} : { [INDEX]: String(index) };
  const base = index === undefined ? name : `${name}-${index}`;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${base.slice(0, 57)}-${randomName()}`,
      generateName: `${base}-`,
      ...(namespace === undefined ? {} : { namespace }),
      labels: { ...labels, ...marks },
      annotations: { ...annotations, ...marks },
      ownerReferences: [controllerReference(job)],
    },
    spec:
      index === undefined
        ? template.spec
        : { ...template.spec, hostname: base, containers: template.spec.containers.map(withIndex) },
  };
}

function withIndex(container: Container): Container {
  const env = Array.isArray(container['env']) ? container['env'] : [];
  const valueFrom = { fieldRef: { apiVersion: 'v1', fieldPath: `metadata.annotations['${INDEX}']` } };
  return { ...container, env: [...env, { name: 'JOB_COMPLETION_INDEX', valueFrom }] };
}
