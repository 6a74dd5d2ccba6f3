/**
 * The Kiali operator of Service Mesh 3. It runs while its ClusterServiceVersion has succeeded. In Service Mesh 2, the mesh
 * operator's code includes Kiali.
 */
import { type ControllerContext, controllerFor, type RunningController } from '../../client/builder.ts';
import { withCondition } from '../../client/conditions.ts';
import { canonical } from '../../client/hash.ts';
import { keyOf } from '../../client/informer.ts';
import { type AnyObject, type Condition, DEPLOYMENTS } from '../../client/kinds.ts';
import { createOrPatch, putStatus, resourceOf } from '../create-or-patch.ts';
import { CSVS } from '../kinds.ts';
import { KIALIS, type Kiali, OSSM_CONSOLES } from './kinds.ts';
import { consoleWorkload, kialiWorkload, namespaceOf } from './workload.ts';

const PACKAGE = 'kiali-operator.v';

/** The kinds are installed with the operator's bundle. */
export function startKialiOperator(context: ControllerContext): RunningController {
  const parts = [
    start(context, 'kiali-controller', KIALIS, kialiWorkload),
    start(context, 'ossmconsole-controller', OSSM_CONSOLES, consoleWorkload),
  ];
  return { name: 'kiali-operator', stop: async () => void (await Promise.all(parts.map((part) => part.stop()))) };
}

function start(
  context: ControllerContext,
  name: string,
  of: typeof KIALIS,
  workload: (object: Kiali, version: string) => readonly AnyObject[],
): RunningController {
  const { client, informers } = context;
  const all = (): string[] => informers.of(of).list().map(keyOf);
  return controllerFor(context, name, of)
    .watches(CSVS, all, { when: ({ object }) => object.metadata.name.startsWith(PACKAGE) })
    .watches(DEPLOYMENTS, all, {
      when: ({ object }) => object.metadata.ownerReferences?.some(({ kind }) => kind === of.kind) === true,
    })
    .reconciles(async (object) => {
      const version = operatorVersion(context);
      if (version === undefined) return;
      const objects = workload(object, version);
      for (const one of objects) await createOrPatch(client, resourceOf(one), one);
      const name = objects.find(({ kind }) => kind === DEPLOYMENTS.kind)?.metadata.name ?? '';
      const pods = informers.of(DEPLOYMENTS).get(`${namespaceOf(object)}/${name}`);
      const isUp = (pods?.status?.availableReplicas ?? 0) > 0;
      const status = { ...object.status, conditions: conditions(object.status?.conditions ?? [], isUp) };
      if (canonical(status) !== canonical(object.status ?? {})) await putStatus(client, of, object, status);
    });
}

/** The version of the running operator. */
function operatorVersion({ informers }: ControllerContext): string | undefined {
  const csv = informers
    .of(CSVS)
    .list()
    .find(({ metadata, status }) => metadata.name.startsWith(PACKAGE) && status?.phase === 'Succeeded');
  return csv?.metadata.name.slice(PACKAGE.length);
}

/** The conditions of an Ansible-based operator. */
function conditions(before: readonly Condition[], isDone: boolean): readonly Condition[] {
  const running: Condition = isDone
    ? { type: 'Running', status: 'True', reason: 'Successful', message: 'Awaiting next reconciliation' }
    : { type: 'Running', status: 'True', reason: 'Running', message: 'Running reconciliation' };
  const successful: Condition = isDone
    ? { type: 'Successful', status: 'True', reason: 'Successful', message: 'Last reconciliation succeeded' }
    : { type: 'Successful', status: 'False', reason: '', message: '' };
  const failure: Condition = { type: 'Failure', status: 'False', reason: '', message: '' };
  return [running, successful, failure].reduce<Condition[]>((all, one) => withCondition(all, one), [...before]);
}
