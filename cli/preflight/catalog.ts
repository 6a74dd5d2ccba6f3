/** Checks whether the catalog has the operators' packages and channels. */
import type { KubernetesApi } from '../../kube/api.ts';
import { driftOf } from '../../language/drift.ts';
import { interpolate } from '../../language/interpolate.ts';
import type { Lab } from '../../model/lab.ts';
import type { OperatorStep } from '../../steps/operator.ts';
import { type Finding, ok, problem, warning } from '../doctor/finding.ts';
import { packageManifest } from './cluster.ts';
import { type Needs, placeOf } from './needs.ts';

/** @param release the release whose values apply, if one was recognized. */
export async function catalogFindings(
  api: KubernetesApi,
  lab: Lab,
  needs: Needs,
  release: string | undefined,
): Promise<Finding[]> {
  return Promise.all(
    needs.operators.map(async ({ step, section }) => {
      const id = `package-${step.package}`;
      const why = `section ${section} installs it, ${placeOf(step.at)}`;
      const { found, refused } = await packageManifest(api, step.package, step.sourceNamespace);
      if (refused)
        return warning(
          id,
          `The catalog can’t be read for ${step.package}`,
          why,
          'use a user who may read packagemanifests',
        );
      if (found === undefined)
        return problem(
          id,
          `The catalog has no package ${step.package}`,
          why,
          `oc get packagemanifests -n ${step.sourceNamespace}`,
        );
      const names = found.channels.map(({ name }) => name);
      if (names.includes(step.channel)) return ok(id, `${step.package} has the channel ${step.channel}`);
      const instead = declared(step, lab, release);
      if (instead !== undefined && names.includes(instead.channel)) {
        const what = `${step.package} has no channel ${step.channel}; the lab uses ${instead.channel}`;
        return warning(id, what, `${why}: known drift, ${instead.because}`, 'nothing, the drift is declared');
      }
      const what = `${step.package} has no channel ${instead?.channel ?? step.channel}; it has ${names.join(', ') || 'none'}`;
      return problem(id, what, why, `declare another channel as drift at ${step.at.file}:${step.at.line}`);
    }),
  );
}

function declared(
  step: OperatorStep,
  lab: Lab,
  name: string | undefined,
): { channel: string; because: string } | undefined {
  const release = lab.releases.find((one) => one.name === name);
  if (release === undefined) return undefined;
  const drift = driftOf(step, release.name, lab.releases);
  if (drift?.channel === undefined) return undefined;
  return { channel: interpolate(drift.channel, { release: release.figures }, drift.at), because: drift.because };
}
