/** For tests of validation: tries to create objects, and returns the causes of a refusal. */
import assert from 'node:assert/strict';
import { recordsAt, textAt } from '../../../model/fields.ts';
import type { Answer, startServer } from '../testing.ts';

export const PATHS: Readonly<Record<string, string>> = {
  Pod: '/api/v1/namespaces/default/pods',
  Service: '/api/v1/namespaces/default/services',
  ConfigMap: '/api/v1/namespaces/default/configmaps',
  Secret: '/api/v1/namespaces/default/secrets',
  Namespace: '/api/v1/namespaces',
  PersistentVolumeClaim: '/api/v1/namespaces/default/persistentvolumeclaims',
  PersistentVolume: '/api/v1/persistentvolumes',
  Deployment: '/apis/apps/v1/namespaces/default/deployments',
  DaemonSet: '/apis/apps/v1/namespaces/default/daemonsets',
  StatefulSet: '/apis/apps/v1/namespaces/default/statefulsets',
  Job: '/apis/batch/v1/namespaces/default/jobs',
  CronJob: '/apis/batch/v1/namespaces/default/cronjobs',
  Ingress: '/apis/networking.k8s.io/v1/namespaces/default/ingresses',
  NetworkPolicy: '/apis/networking.k8s.io/v1/namespaces/default/networkpolicies',
  Role: '/apis/rbac.authorization.k8s.io/v1/namespaces/default/roles',
  RoleBinding: '/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings',
  ClusterRole: '/apis/rbac.authorization.k8s.io/v1/clusterroles',
};

export const container = (extra: Record<string, unknown> = {}) => ({ name: 'main', image: 'example', ...extra });

type Rest = Record<string, unknown>;

/** Nothing is stored: all attempts are dry runs. */
export function attemptsOn(server: Awaited<ReturnType<typeof startServer>>) {
  const create = (kind: string, rest: Rest, name = 'a'): Promise<Answer> => {
    const path = PATHS[kind] ?? '';
    const apiVersion = path.replace(/^\/(api|apis)\//, '').replace(/\/(namespaces\/default\/)?[a-z]+$/, '');
    return server.request('POST', `${path}?dryRun=All`, { apiVersion, kind, metadata: { name }, ...rest });
  };
  /** The causes of an error, one on each line. */
  const told = async (kind: string, rest: Rest, name = 'a'): Promise<string> => {
    const { status, body } = await create(kind, rest, name);
    if (status === 201) return 'accepted';
    assert.equal(status, 422, body.message);
    return recordsAt(body, 'details', 'causes')
      .map((cause) => `${textAt(cause, 'field')}: ${textAt(cause, 'message')}`)
      .join('\n');
  };
  /** For a pod with one container. */
  const pod = (extra: Rest, spec: Rest = {}): Promise<string> =>
    told('Pod', { spec: { containers: [container(extra)], ...spec } });
  return { create, told, pod };
}
