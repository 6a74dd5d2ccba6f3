/** Refuses commands that need a machine or an image which the sandbox lacks. Otherwise clients would wait for a pod. */
import { forbidden } from '../../api/status.ts';
import type { ApiObject } from '../../api/types.ts';

/** The annotation of pods that `oc debug` creates. */
const SOURCE = 'debug.openshift.io/source-resource';
const MUST_GATHER = 'openshift-must-gather-';

/** `oc debug node/NAME`. @throws {StatusError} Forbidden. */
export function refuseNodeDebugging({ metadata }: ApiObject): void {
  if (!/Resource=nodes\b/.test(metadata.annotations?.[SOURCE] ?? '')) return;
  const why = 'the nodes of the sandbox are imitated: there is no machine to debug, and no tools image';
  throw forbidden({ group: '', plural: 'pods' }, metadata.name || (metadata.generateName ?? ''), why);
}

/** `oc adm must-gather`. @throws {StatusError} Forbidden. */
export function refuseMustGather({ metadata }: ApiObject): void {
  const name = metadata.name || (metadata.generateName ?? '');
  if (!name.startsWith(MUST_GATHER)) return;
  const why = 'the sandbox has no must-gather image: use oc adm inspect, or oc get -o yaml';
  throw forbidden({ group: '', plural: 'namespaces' }, name, why);
}
