/** Detects the release of a cluster from the operator that is installed or in its catalog. */
import type { KubernetesApi } from '../../kube/api.ts';
import type { Lab, Release } from '../../model/lab.ts';
import { type Finding, ok, problem, warning } from '../doctor/finding.ts';
import { listAll, packageManifest } from './cluster.ts';
import type { Needs } from './needs.ts';

export interface Detected {
  readonly finding: Finding;
  /** Name of the lab's release whose values apply; undefined if none does. */
  readonly release?: string;
  /** Why that release was chosen for what was found. */
  readonly note?: string;
}

interface Known {
  readonly release: Release;
  readonly package: string;
  readonly version: readonly number[];
}

export async function detectRelease(api: KubernetesApi, lab: Lab, needs: Needs): Promise<Detected> {
  const known = lab.releases.flatMap(knownOf);
  const [first] = known;
  if (first === undefined) return { finding: ok('release', 'The lab has no releases') };
  const csv = (await installed(api, first.package)) ?? (await offered(api, first.package, needs));
  if (csv === undefined) {
    const why = `section 2 installs ${first.package}`;
    return {
      finding: problem(
        'release',
        `The release can’t be detected: the catalog has no ${first.package}, or may not be read`,
        why,
        'oc get packagemanifests',
      ),
    };
  }
  const version = versionOf(csv);
  const text = version.join('.');
  const refused = Object.entries(lab.refuses).find(([prefix]) => text === prefix || text.startsWith(`${prefix}.`));
  if (refused !== undefined)
    return {
      finding: problem(
        'release',
        `${csv} is refused: ${refused[1]}`,
        'every section',
        'use another cluster, or an older channel',
      ),
    };
  return chosen(csv, version, known);
}

function chosen(csv: string, version: readonly number[], known: readonly Known[]): Detected {
  const exact = known.find((one) => compare(one.version.slice(0, 2), version.slice(0, 2)) === 0);
  if (exact !== undefined)
    return { finding: ok('release', `${csv}: release ${exact.release.name} of the lab`), release: exact.release.name };
  const older = known
    .filter((one) => compare(one.version, version) < 0)
    .sort((a, b) => compare(b.version, a.version))[0];
  if (older === undefined)
    return {
      finding: problem('release', `${csv} is older than every release of the lab`, 'every section', 'a newer channel'),
    };
  const note = `${version.join('.')} is unknown; the values of ${older.release.name} are used`;
  const what = `${csv} is unknown; the values of ${older.release.name}, the nearest older release, are used`;
  return {
    finding: warning('release', what, 'differences show as failures', 'add the release to the lab’s releases.yaml'),
    release: older.release.name,
    note,
  };
}

/** A release declares the operator's version with its value `csv`. */
function knownOf(release: Release): Known[] {
  const { csv } = release.figures;
  if (typeof csv !== 'string') return [];
  return [{ release, package: csv.slice(0, csv.indexOf('.v')), version: versionOf(csv) }];
}

/** `servicemeshoperator.v2.0.7.1` → 2, 0, 7, 1. */
function versionOf(csv: string): number[] {
  return (/\.v?(\d[\d.]*)/.exec(csv)?.[1] ?? '').split('.').map(Number);
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

async function installed(api: KubernetesApi, name: string): Promise<string | undefined> {
  const subscriptions = await listAll(api, 'operators.coreos.com/v1alpha1', 'subscriptions');
  // A later generation has the same name followed by a number; the lab's own counts first if both exist.
  const named = (fits: (wanted: string) => boolean) =>
    subscriptions.find(({ spec }) => fits(String(spec?.['name'] ?? '')));
  const own = named((one) => one === name) ?? named((one) => one.startsWith(name));
  const csv = own?.status?.['installedCSV'];
  return typeof csv === 'string' ? csv : undefined;
}

async function offered(api: KubernetesApi, name: string, needs: Needs): Promise<string | undefined> {
  const step = needs.operators.find((one) => one.step.package === name)?.step;
  const { found } = await packageManifest(api, name, step?.sourceNamespace);
  const channel = found?.channels.find((one) => one.name === step?.channel) ?? found?.channels[0];
  return channel?.currentCSV;
}
