/** Defaults of pods and pod templates. */
import { at, fields, isRecord, records, recordsAt, text } from '../../../model/fields.ts';
import { defaults, editable, ensure, type MutableFields } from '../json.ts';
import { canonicalQuantity } from './quantity.ts';

/** @param spec a copy; changed. */
export function defaultPodSpec(spec: MutableFields): void {
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
  for (const container of lists.flatMap((list) => editable(spec[list]))) defaultContainer(container, hostNetwork);
  for (const volume of editable(spec['volumes'])) defaultVolume(volume);
}

function defaultContainer(container: MutableFields, hostNetwork: boolean): void {
  defaults(container, {
    imagePullPolicy: isLatest(text(container['image'])) ? 'Always' : 'IfNotPresent',
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
  });
  const resources = ensure(container, 'resources');
  for (const amounts of [resources['requests'], resources['limits']]) if (isRecord(amounts)) canonicalize(amounts);
  // A limit without a request is the request.
  if (isRecord(resources['limits'])) defaults(ensure(resources, 'requests'), resources['limits']);
  for (const port of editable(container['ports'])) {
    defaults(port, { protocol: 'TCP' });
    if (hostNetwork) defaults(port, { hostPort: port['containerPort'] });
  }
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    const probe = container[name];
    if (isRecord(probe)) defaultProbe(probe);
  }
  for (const variable of records(container['env'])) {
    const reference = at(variable, 'valueFrom', 'fieldRef');
    if (isRecord(reference)) defaults(reference, { apiVersion: 'v1' });
  }
}

function canonicalize(amounts: MutableFields): void {
  for (const [name, amount] of Object.entries(amounts)) amounts[name] = canonicalQuantity(amount);
}

function isLatest(image: string): boolean {
  if (image.includes('@')) return false;
  const tag = /:([^:/]+)$/.exec(image)?.[1];
  return tag === undefined || tag === 'latest';
}

function defaultProbe(probe: MutableFields): void {
  defaults(probe, { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 });
  const get = probe['httpGet'];
  if (isRecord(get)) defaults(get, { path: '/', scheme: 'HTTP' });
}

function defaultVolume(volume: MutableFields): void {
  for (const kind of ['configMap', 'secret', 'downwardAPI', 'projected']) {
    const source = volume[kind];
    if (isRecord(source)) defaults(source, { defaultMode: 420 });
  }
  const host = volume['hostPath'];
  if (isRecord(host)) defaults(host, { type: '' });
  const sources = Object.keys(volume).filter((key) => key !== 'name');
  if (sources.length === 0) volume['emptyDir'] = {};
  for (const item of recordsAt(volume, 'downwardAPI', 'items')) {
    const reference = item['fieldRef'];
    if (isRecord(reference)) defaults(reference, { apiVersion: 'v1' });
  }
}

const UNREACHABLE = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'];

/** Adds what kube-apiserver's built-in admission adds to a pod: account, priority, tolerations. */
export function admitPod(spec: MutableFields): void {
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
