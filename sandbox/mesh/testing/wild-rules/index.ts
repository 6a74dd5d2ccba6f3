/** Rules of all kinds, with valid and invalid values. A proxy must accept every rule that the webhook accepts. */
import { type Random, written } from '../../../../test/support/random.ts';
import type { KubeObject } from '../../../client/client.ts';
import { authorization } from './authorization-policy.ts';
import { destinationRule } from './destination-rule.ts';
import { gateway } from './gateway.ts';
import { serviceEntry } from './service-entry.ts';
import { sidecar } from './sidecar.ts';
import { NAMESPACE } from './values.ts';
import { virtualService } from './virtual-service.ts';

interface WildRule extends KubeObject {
  readonly spec: object;
}

export function wildRules(random: Random, count: number): readonly WildRule[] {
  const makers = [
    virtualService,
    virtualService,
    virtualService,
    destinationRule,
    destinationRule,
    serviceEntry,
    gateway,
    authorization,
    sidecar,
  ];
  return Array.from({ length: count }, (_, index) => {
    const [apiVersion, kind, spec] = random.one(virtualService, ...makers)(random);
    const metadata = { name: `rule-${index}`, namespace: random.one(NAMESPACE, NAMESPACE, 'other') };
    return written({ apiVersion, kind, metadata, spec });
  });
}
