/** Whether the client on the PATH, which the lab's commands use, fits the cluster's version. */

import { execa } from 'execa';
import type { KubernetesApi } from '../../kube/api.ts';
import { textAt } from '../../model/fields.ts';
import { findCommand } from '../../setup/programs.js';
import { type Finding, ok, warning } from '../doctor/finding.ts';
import { unlessRefused } from './cluster.ts';

/** Kubernetes' version skew policy: a client works with servers one minor version older or newer. */
const PROMISED = 1;
/** OpenShift 4.6 is Kubernetes 1.19; both minor versions have increased together since. */
const KUBERNETES_OF_OPENSHIFT = 13;

export async function toolFinding(api: KubernetesApi): Promise<Finding> {
  const program = findCommand('oc') === undefined ? 'kubectl' : 'oc';
  const args = ['version', '--client', '--output=json'];
  const [version, said] = await Promise.all([
    unlessRefused(api.raw('/version')),
    execa(program, args, { reject: false, timeout: 10_000 }),
  ]);
  return judge(program, said.stdout ?? '', textAt(version, 'gitVersion') ?? '');
}

/** @param said what `version --client --output=json` printed. @param server the cluster's `gitVersion`. */
export function judge(program: string, said: string, server: string): Finding {
  const of = /"gitVersion":\s*"v?([^"]+)"/.exec(said)?.[1] ?? '';
  const release = /"releaseClientVersion":\s*"([^"]+)"/.exec(said)?.[1];
  const client = `${program}${release === undefined ? '' : ` ${release}`}`;
  const [mine, theirs] = [openshiftMinor(release) ?? minorOf(of), minorOf(server)];
  if (mine === undefined || theirs === undefined)
    return ok('client', `The version of ${client} can’t be compared with the cluster’s`);
  const both = `${client} is for Kubernetes 1.${mine}, the cluster runs 1.${theirs}`;
  if (mine >= theirs - PROMISED) {
    const note = mine > theirs + PROMISED ? '; newer clients mostly work, but only one version apart is supported' : '';
    return ok('client', both + note);
  }
  const why = 'every section: an older client may lack features of the cluster, and prints other columns';
  return warning(
    'client',
    both,
    why,
    'put the cluster’s own oc first on the PATH: see “Command line tools” in its console',
  );
}

function minorOf(version: string): number | undefined {
  const minor = /^v?1\.(\d+)/.exec(version)?.[1];
  return minor === undefined ? undefined : Number(minor);
}

/** `oc` reports OpenShift's version as its own. */
function openshiftMinor(release: string | undefined): number | undefined {
  const minor = /^4\.(\d+)/.exec(release ?? '')?.[1];
  return minor === undefined ? undefined : Number(minor) + KUBERNETES_OF_OPENSHIFT;
}
