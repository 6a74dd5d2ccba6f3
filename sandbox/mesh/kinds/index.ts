/**
 * What Istio's validating webhook says of a rule (istio.io, pkg/config/validation): the same words refuse an object at
 * the API server, and keep one that is there all the same from spoiling what is right beside it.
 */
import type { KubeObject } from '../../client/client.ts';
import type { AuthorizationPolicy } from '../model/authorization-policy.ts';
import type { ServiceEntry } from '../model/service-entry.ts';
import type { DestinationRule, Gateway, PeerAuthentication, VirtualService } from '../model/virtual-service.ts';
import { authorizationPolicyProblems } from './authorization-policy.ts';
import { destinationRuleProblems } from './destination-rule.ts';
import { gatewayProblems } from './gateway.ts';
import { serviceEntryProblems } from './service-entry.ts';
import { virtualServiceProblems } from './virtual-service.ts';

/** @returns the words after `denied the request: `, or undefined when the object is right or not a kind of the mesh. */
export function refusal(object: KubeObject): string | undefined {
  const problems = problemsOf(object);
  if (problems.length === 0) return undefined;
  return `configuration is invalid: ${joined(problems)}`;
}

function problemsOf(object: KubeObject): readonly string[] {
  switch (object.kind) {
    case 'VirtualService':
      return virtualServiceProblems((object as VirtualService).spec ?? {});
    case 'DestinationRule':
      return destinationRuleProblems((object as DestinationRule).spec ?? {});
    case 'Gateway':
      return gatewayProblems((object as Gateway).spec ?? {});
    case 'PeerAuthentication':
      return peerAuthenticationProblems((object as PeerAuthentication).spec);
    case 'AuthorizationPolicy':
      return authorizationPolicyProblems(object as AuthorizationPolicy);
    case 'ServiceEntry':
      return serviceEntryProblems((object as ServiceEntry).spec ?? {});
    default:
      return [];
  }
}

/** As Go's multierror writes it. */
function joined(problems: readonly string[]): string {
  const [first = ''] = problems;
  if (problems.length === 1) return first;
  return `${problems.length} errors occurred:\n${problems.map((problem) => `\t* ${problem}\n`).join('')}\n`;
}

function peerAuthenticationProblems(spec: PeerAuthentication['spec']): readonly string[] {
  const ports = spec?.portLevelMtls;
  if (ports === undefined) return [];
  const selector = Object.keys(spec?.selector?.matchLabels ?? {});
  return [
    ...(selector.length === 0 ? ['mesh/namespace peer authentication cannot have port level mTLS'] : []),
    ...(Object.keys(ports).length === 0 ? ['port level mTLS, if defined, must have at least one element'] : []),
    ...(Object.keys(ports).includes('0') ? ['port cannot be 0'] : []),
  ];
}
