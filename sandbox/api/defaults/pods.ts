/** Defaults of pods and pod templates. */
import { at, defaults, ensure, type Fields, fields, isFields, records, text } from '../json.ts';
import { canonicalQuantity } from './quantity.ts';

/** @param spec a copy; changed. */
export function defaultPodSpec(spec: Fields): void {
  defaults(spec, {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    schedulerName: 'default-scheduler',
  });
  ensure(spec, 'securityContext');
  const account = text(spec['serviceAccountName']) || text(spec['serviceAccount']);
  if (account !== '') Object.assign(spec, { serviceAccountName: account, serviceAccount: account });
  const hostNetwork = spec['hostNetwork'] === true;
  const lists = ['containers', 'initContainers', 'ephemeralContainers'];
  for (const container of lists.flatMap((list) => records(spec[list]))) defaultContainer(container, hostNetwork);
  for (const volume of records(spec['volumes'])) defaultVolume(volume);
}

function defaultContainer(container: Fields, hostNetwork: boolean): void {
  defaults(container, {
    imagePullPolicy: isLatest(text(container['image'])) ? 'Always' : 'IfNotPresent',
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
  });
  const resources = ensure(container, 'resources');
  for (const amounts of [resources['requests'], resources['limits']])
    if (isFields(amounts)) for (const key of Object.keys(amounts)) amounts[key] = canonicalQuantity(amounts[key]);
  // A limit without a request is the request.
  if (isFields(resources['limits'])) defaults(ensure(resources, 'requests'), resources['limits']);
  for (const port of records(container['ports'])) {
    defaults(port, { protocol: 'TCP' });
    if (hostNetwork) defaults(port, { hostPort: port['containerPort'] });
  }
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    const probe = container[name];
    if (isFields(probe)) defaultProbe(probe);
  }
  for (const variable of records(container['env'])) {
    const reference = at(variable, 'valueFrom', 'fieldRef');
    if (isFields(reference)) defaults(reference, { apiVersion: 'v1' });
  }
}

function isLatest(image: string): boolean {
  if (image.includes('@')) return false;
  const tag = /:([^:/]+)$/.exec(image)?.[1];
  return tag === undefined || tag === 'latest';
}

function defaultProbe(probe: Fields): void {
  defaults(probe, { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 });
  const get = probe['httpGet'];
  if (isFields(get)) defaults(get, { path: '/', scheme: 'HTTP' });
}

function defaultVolume(volume: Fields): void {
  for (const kind of ['configMap', 'secret', 'downwardAPI', 'projected']) {
    const source = volume[kind];
    if (isFields(source)) defaults(source, { defaultMode: 420 });
  }
  const host = volume['hostPath'];
  if (isFields(host)) defaults(host, { type: '' });
  const sources = Object.keys(volume).filter((key) => key !== 'name');
  if (sources.length === 0) volume['emptyDir'] = {};
  for (const item of records(at(volume, 'downwardAPI', 'items'))) {
    const reference = item['fieldRef'];
    if (isFields(reference)) defaults(reference, { apiVersion: 'v1' });
  }
}

const UNREACHABLE = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'];

/** Adds what kube-apiserver's built-in admission adds to a pod: account, priority, tolerations. */
export function admitPod(spec: Fields): void {
  const account = text(spec['serviceAccountName']) || 'default';
  Object.assign(spec, { serviceAccountName: account, serviceAccount: account });
  defaults(spec, { enableServiceLinks: true, preemptionPolicy: 'PreemptLowerPriority', priority: 0 });
  const tolerations = [...records(spec['tolerations'])];
  for (const key of UNREACHABLE) {
    const tolerated = tolerations.some(
      (one) =>
        one['effect'] !== 'NoSchedule' &&
        (one['key'] === key || (one['key'] === undefined && one['operator'] === 'Exists')),
    );
    if (!tolerated) tolerations.push({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 });
  }
  spec['tolerations'] = tolerations;
}

/** Guaranteed, Burstable or BestEffort, from requests and limits of cpu and memory. */
export function qosClass(spec: unknown): string {
  const containers = [...records(at(spec, 'containers')), ...records(at(spec, 'initContainers'))];
  let some = false;
  let all = true;
  for (const container of containers) {
    const limits = fields(at(container, 'resources', 'limits'));
    const requests = fields(at(container, 'resources', 'requests'));
    for (const resource of ['cpu', 'memory']) {
      if (limits[resource] !== undefined || requests[resource] !== undefined) some = true;
      if (limits[resource] === undefined || (requests[resource] ?? limits[resource]) !== limits[resource]) all = false;
    }
  }
  if (!some) return 'BestEffort';
  return all ? 'Guaranteed' : 'Burstable';
}
