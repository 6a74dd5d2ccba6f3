/** Is this cluster fit for this lab? Before a run, and as `doctor --kubeconfig`: each finding with its reason and what mends it. */
import { KubernetesApi } from '../../kube/api.ts';
import { Connection } from '../../kube/connection.ts';
import type { Lab } from '../../model/lab.ts';
import { clusterFindings } from '../doctor/cluster.ts';
import { type Finding, ok } from '../doctor/finding.ts';
import { catalogFindings } from './catalog.ts';
import { needsOf } from './needs.ts';
import { occupiedFindings } from './occupied.ts';
import { permissionFinding } from './permissions.ts';
import { detectRelease } from './release.ts';
import { routeFinding } from './routes.ts';
import { toolFinding } from './tools.ts';

export interface PreflightOptions {
  readonly kubeconfig: string;
  readonly context?: string;
  readonly proxy?: string;
  readonly adopt: boolean;
}

export interface Preflight {
  readonly findings: readonly Finding[];
  readonly release?: string;
  readonly releaseNote?: string;
}

/** @throws {ClusterError} `LW-KUBECONFIG` when the kubeconfig can't be used. */
export async function preflight(lab: Lab, options: PreflightOptions): Promise<Preflight> {
  const { kubeconfig, context, proxy, adopt } = options;
  const connection = await Connection.open(kubeconfig, context);
  try {
    const basics = await clusterFindings({ kubeconfig, ...(context === undefined ? {} : { context }) });
    // Nothing more can be asked of a cluster that does not answer.
    if (basics[0]?.level === 'problem') return { findings: basics };
    const api = new KubernetesApi(connection);
    const needs = needsOf(lab);
    const { finding, release, note } = await detectRelease(api, lab, needs);
    const [client, permissions, catalog, occupied, routes] = await Promise.all([
      toolFinding(api),
      permissionFinding(api, needs),
      catalogFindings(api, lab, needs, release),
      occupiedFindings(api, needs, adopt),
      routeFinding(api, proxy),
    ]);
    const findings = [
      ...basics,
      client,
      finding,
      permissions,
      ...catalog,
      ...occupied,
      routes,
      imageFinding(needs.images),
    ];
    return {
      findings,
      ...(release === undefined ? {} : { release }),
      ...(note === undefined ? {} : { releaseNote: note }),
    };
  } finally {
    connection.close();
  }
}

/** What a cluster may pull is known only when it tries. */
function imageFinding(images: readonly string[]): Finding {
  return ok(
    'images',
    `The cluster will have to pull: ${images.join(', ') || 'nothing'} (--image from=to takes others)`,
  );
}
