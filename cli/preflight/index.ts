/** Is this cluster fit for this lab? Runs before a run, and as `doctor --kubeconfig`. Each finding has its reason and its fix. */
import { KubernetesApi } from '../../kube/api.ts';
import { Connection } from '../../kube/connection.ts';
import type { Lab } from '../../model/lab.ts';
import { loadLab } from '../../steps/load.ts';
import { clusterFindings } from '../doctor/cluster.ts';
import { type Finding, ok } from '../doctor/finding.ts';
import { findLab, labNames } from '../lab.ts';
import { catalogFindings } from './catalog.ts';
import { type Edition, editionFindings, editionOf, meshFacts } from './edition.ts';
import { type Needs, needsOf } from './needs.ts';
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

/** @throws {ClusterError} `LW-KUBECONFIG` if the kubeconfig can't be used. */
export async function preflight(lab: Lab, options: PreflightOptions): Promise<Preflight> {
  const { kubeconfig, context, proxy, adopt } = options;
  const connection = await Connection.open(kubeconfig, context);
  try {
    const basics = await clusterFindings({ kubeconfig, ...(context === undefined ? {} : { context }) });
    // Nothing more can be checked on a cluster that does not answer.
    if (basics[0]?.level === 'problem') return { findings: basics };
    const api = new KubernetesApi(connection);
    const needs = needsOf(lab);
    const { finding, release, note } = await detectRelease(api, lab, needs);
    const [client, editions, permissions, catalog, occupied, routes] = await Promise.all([
      toolFinding(api),
      editionsOf(api, needs, adopt),
      permissionFinding(api, needs),
      catalogFindings(api, lab, needs, release),
      occupiedFindings(api, needs, adopt),
      routeFinding(api, proxy),
    ]);
    const findings = [
      ...basics,
      client,
      finding,
      ...editions,
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

async function editionsOf(api: KubernetesApi, needs: Needs, adopt: boolean): Promise<readonly Finding[]> {
  const wanted = editionOf(needs);
  if (wanted === undefined) return [];
  return editionFindings(wanted, await meshFacts(api), { otherLab: labFor(wanted === 2 ? 3 : 2), adopt });
}

/** The lab that teaches the given Service Mesh; labs that can't be read are skipped. */
function labFor(edition: Edition): string | undefined {
  return labNames().find((name) => {
    try {
      return editionOf(needsOf(loadLab(findLab(name)))) === edition;
    } catch {
      return false;
    }
  });
}

/** Whether a cluster can pull an image shows only when it tries. */
function imageFinding(images: readonly string[]): Finding {
  return ok(
    'images',
    `The cluster will have to pull: ${images.join(', ') || 'nothing'} (--image from=to replaces one)`,
  );
}
