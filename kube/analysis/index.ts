/**
 * Finds inconsistencies among a project's objects, like `istioctl analyze`: rules that name missing objects, Services without pods,
 * Routes that are not admitted. A failed step shows them beside what it expected, since its reader would check them next.
 */

import { recordsAt, textAt } from '../../model/fields.ts';
import type { ClusterApi } from '../types.ts';
import { routingFindings } from './routing.ts';
import { type Snapshot, takeSnapshot } from './snapshot.ts';
import { workloadFindings } from './workloads.ts';

/**
 * @returns sentences, each with the kind and name of an object; empty if everything is consistent.
 * @throws if the API is not reached.
 */
export async function analyze(api: ClusterApi, namespace: string): Promise<readonly string[]> {
  return findingsOf(await takeSnapshot(api, namespace));
}

export async function findingsOf(snapshot: Snapshot): Promise<readonly string[]> {
  return [...workloadFindings(snapshot), ...(await routingFindings(snapshot)), ...routeFindings(snapshot)];
}

function routeFindings(snapshot: Snapshot): readonly string[] {
  return snapshot.list('routes.route.openshift.io').flatMap(({ metadata, status }) =>
    recordsAt(status, 'ingress')
      .flatMap((ingress) => recordsAt(ingress, 'conditions'))
      .filter((condition) => condition['type'] === 'Admitted' && condition['status'] === 'False')
      .map((condition) => `Route ${metadata.name}: not admitted: ${textAt(condition, 'message') ?? ''}`),
  );
}
