/** WorkloadEntry: validated, without effect. */

import { isIP } from 'node:net';
import { type KubeObject, resource } from '../../client/client.ts';
import { withoutEffect } from '../../fields/support.ts';
import type { MeshKind } from './kind.ts';
import { labelProblems } from './selector.ts';
import { fqdnProblem, isDnsLabel, portProblems } from './values.ts';

interface WorkloadEntry extends KubeObject {
  readonly spec?: {
    readonly address?: string;
    readonly network?: string;
    readonly ports?: Readonly<Record<string, number>>;
    readonly labels?: Readonly<Record<string, string>>;
  };
}

export const WORKLOAD_ENTRY: MeshKind<WorkloadEntry> = {
  resource: resource<WorkloadEntry>('networking.istio.io/v1beta1', 'WorkloadEntry', 'workloadentries'),
  fields: withoutEffect('no workloads outside of pods are known'),
  problems,
};

function problems({ spec }: WorkloadEntry): readonly string[] {
  const { address = '', network = '', ports = {}, labels } = spec ?? {};
  const isSocket = address.startsWith('unix://');
  if (address === '' && network === '') return ['address is required'];
  return [
    ...(isSocket && Object.keys(ports).length > 0 ? [`unix endpoint ${address} must not include ports`] : []),
    ...(address === '' || isSocket || isIP(address) !== 0 || fqdnProblem(address) === undefined
      ? []
      : [`endpoint address "${address}" is not a valid FQDN or an IP address`]),
    ...Object.entries(ports).flatMap(([name, port]) => [
      ...(isDnsLabel(name) ? [] : [`invalid port name: ${name}`]),
      ...portProblems(port),
    ]),
    ...labelProblems(labels),
  ];
}
