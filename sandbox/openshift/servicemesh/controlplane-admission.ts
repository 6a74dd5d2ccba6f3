/** The operator's admission of control planes: defaults and validation. Pure. */

import jsonPatch from 'fast-json-patch';
import { isOfKind } from '../../client/client.ts';
import { parseGoDuration } from '../../xds/duration.ts';
import { CONTROL_PLANES, type ControlPlaneSpec } from '../kinds.ts';
import type { MeshFigures } from '../release.ts';
import type { AdmissionAnswer, AdmissionRequest } from './webhook-server.ts';

const ALLOWED: AdmissionAnswer = { allowed: true };

export function mutateControlPlane({ object }: AdmissionRequest, figures: MeshFigures): AdmissionAnswer {
  const plane = object;
  // v1 control planes have a template instead.
  if (
    !isOfKind(CONTROL_PLANES, plane) ||
    plane.apiVersion !== 'maistra.io/v2' ||
    plane.metadata.deletionTimestamp !== undefined
  )
    return ALLOWED;
  const { spec } = plane;
  const profiles = spec.profiles?.length ? spec.profiles : ['default'];
  const routes =
    figures.ior.enabled || spec.gateways?.openshiftRoute !== undefined
      ? {}
      : { gateways: { ...spec.gateways, openshiftRoute: { enabled: false } } };
  const next = { ...plane, spec: { ...spec, version: spec.version || figures.default, profiles, ...routes } };
  return { allowed: true, patch: jsonPatch.compare(plane, next) };
}

export function validateControlPlane({ object }: AdmissionRequest, figures: MeshFigures): AdmissionAnswer {
  const plane = object;
  if (!isOfKind(CONTROL_PLANES, plane)) return ALLOWED;
  const { version } = plane.spec;
  if (plane.metadata.deletionTimestamp !== undefined || version === undefined) return ALLOWED;
  if (!figures.supported.includes(version))
    return { allowed: false, message: `Only '[${figures.supported.join(' ')}]' versions are supported` };
  const problems = controlPlaneProblems(plane.spec, version);
  return problems.length === 0 ? ALLOWED : { allowed: false, message: aggregate(problems) };
}

/** Kubernetes' format for several errors in one message. */
function aggregate(problems: readonly string[]): string {
  const [first = ''] = problems;
  return problems.length === 1 ? first : `[${problems.join(', ')}]`;
}

/** Istio's protocol detection was not supported before 2.2. */
const WITHOUT_DETECTION = ['v2.0', 'v2.1'];

/** @param version a supported version. @returns the operator's messages (maistra/istio-operator, pkg/controller/versions). */
function controlPlaneProblems({ proxy }: ControlPlaneSpec, version: string): readonly string[] {
  const { inbound, outbound, timeout = '' } = proxy?.networking?.protocol?.autoDetect ?? {};
  const path = 'spec.proxy.networking.protocol.autoDetect';
  if (WITHOUT_DETECTION.includes(version)) {
    const no = (field: string): string =>
      `automatic protocol detection is not supported in ${version}; if specified, ${path}.${field} must be set to false`;
    return [...(inbound === true ? [no('inbound')] : []), ...(outbound === true ? [no('outbound')] : [])];
  }
  if (timeout === '' || parseGoDuration(timeout) !== undefined) return [];
  return [`failed parsing ${path}.timeout, not a valid duration: time: invalid duration "${timeout}"`];
}
