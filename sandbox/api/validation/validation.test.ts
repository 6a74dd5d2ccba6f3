/** Mistakes that labs make, refused with the messages of a real kube-apiserver (1.34). */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { type Answer, startServer } from '../testing.ts';

const server = await startServer();
after(() => server[Symbol.asyncDispose]());

const PATHS: Readonly<Record<string, string>> = {
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

async function create(kind: string, rest: Record<string, unknown>, name = 'a'): Promise<Answer> {
  const path = PATHS[kind] ?? '';
  const apiVersion = path.replace(/^\/(api|apis)\//, '').replace(/\/(namespaces\/default\/)?[a-z]+$/, '');
  return server.request('POST', `${path}?dryRun=All`, { apiVersion, kind, metadata: { name }, ...rest });
}

/** The causes of an error, one on each line. */
async function told(kind: string, rest: Record<string, unknown>, name = 'a'): Promise<string> {
  const { status, body } = await create(kind, rest, name);
  if (status === 201) return 'accepted';
  assert.equal(status, 422, body.message);
  const causes = body.details.causes as { field: string; message: string }[];
  return causes.map(({ field, message }) => `${field}: ${message}`).join('\n');
}

const container = (extra: Record<string, unknown> = {}) => ({ name: 'main', image: 'example', ...extra });
const pod = (extra: Record<string, unknown>, spec: Record<string, unknown> = {}) =>
  told('Pod', { spec: { containers: [container(extra)], ...spec } });

test('probes have one handler, with what it needs', async () => {
  assert.equal(
    await pod({ readinessProbe: { periodSeconds: 5 } }),
    'spec.containers[0].readinessProbe: Required value: must specify a handler type',
  );
  assert.equal(
    await pod({ livenessProbe: { httpGet: { port: 80 }, tcpSocket: { port: 80 } } }),
    'spec.containers[0].livenessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type',
  );
  assert.equal(
    await pod({ livenessProbe: { httpGet: { port: 0 }, successThreshold: 2 } }),
    'spec.containers[0].livenessProbe.httpGet.port: Invalid value: 0: must be between 1 and 65535, inclusive\n' +
      'spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1',
  );
  assert.equal(
    await pod({ startupProbe: { exec: {}, failureThreshold: -1 } }),
    'spec.containers[0].startupProbe.exec.command: Required value\n' +
      'spec.containers[0].startupProbe.failureThreshold: Invalid value: -1: must be greater than or equal to 0',
  );
});

test('volumes have one source, mounts a volume and a place of their own', async () => {
  const mounts = (...list: object[]) => ({ volumeMounts: list });
  assert.equal(
    await pod({}, { volumes: [{ name: 'v', emptyDir: {}, secret: { secretName: 's' } }] }),
    'spec.volumes[0].secret: Forbidden: may not specify more than 1 volume type',
  );
  assert.equal(
    await pod(mounts({ name: 'v', mountPath: '/a' }, { name: 'v', mountPath: '/a' }), { volumes: [{ name: 'v' }] }),
    'spec.containers[0].volumeMounts[1].mountPath: Invalid value: "/a": must be unique',
  );
  assert.equal(
    await pod(mounts({ name: 'w' }), { volumes: [{ name: 'v', configMap: {} }] }),
    'spec.volumes[0].configMap.name: Required value\n' +
      'spec.containers[0].volumeMounts[0].name: Not found: "w"\n' +
      'spec.containers[0].volumeMounts[0].mountPath: Required value',
  );
  assert.equal(
    await pod({}, { volumes: [{ name: 'v' }, { name: 'v' }, { name: 'p', persistentVolumeClaim: {} }] }),
    'spec.volumes[1].name: Duplicate value: "v"\nspec.volumes[2].persistentVolumeClaim.claimName: Required value',
  );
});

test('requests do not exceed limits', async () => {
  assert.equal(
    await pod({ resources: { requests: { cpu: '2', memory: '1Gi' }, limits: { cpu: '500m', memory: '1024Mi' } } }),
    'spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 500m',
  );
  assert.equal(
    await pod({ resources: { limits: { cpus: '1' } } }),
    'spec.containers[0].resources.limits[cpus]: Invalid value: "cpus": must be a standard resource for containers\n' +
      'spec.containers[0].resources.requests[cpus]: Invalid value: "cpus": must be a standard resource for containers',
  );
  const wrong = await create('Pod', {
    spec: { containers: [container({ resources: { limits: { memory: '1GB' } } })] },
  });
  assert.equal(wrong.status, 400);
  assert.match(wrong.body.message, /quantities must match the regular expression/);
});

test('names, ports and variables of containers', async () => {
  assert.equal(
    await told('Pod', { spec: { containers: [container(), container()], initContainers: [container()] } }),
    'spec.containers[1].name: Duplicate value: "main"\nspec.initContainers[0].name: Duplicate value: "main"',
  );
  assert.equal(
    await pod({
      ports: [{ containerPort: 80, name: 'web' }, { containerPort: 70000, name: 'web' }, { name: 'Http--' }],
    }),
    [
      'spec.containers[0].ports[1].name: Duplicate value: "web"',
      'spec.containers[0].ports[1].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive',
      'spec.containers[0].ports[2].name: Invalid value: "Http--": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
      'spec.containers[0].ports[2].name: Invalid value: "Http--": must not contain consecutive hyphens',
      'spec.containers[0].ports[2].name: Invalid value: "Http--": must not begin or end with a hyphen',
      'spec.containers[0].ports[2].containerPort: Required value',
    ].join('\n'),
  );
  assert.equal(
    await pod({
      env: [
        { name: 'A=B', value: 'x' },
        { name: 'C', value: 'x', valueFrom: { fieldRef: { fieldPath: 'spec.ip' } } },
      ],
    }),
    `spec.containers[0].env[0].name: Invalid value: "A=B": a valid environment variable name must consist only of printable ASCII characters other than '='\n` +
      'spec.containers[0].env[1].valueFrom.fieldRef.fieldPath: Invalid value: "spec.ip": error converting fieldPath: field label not supported: spec.ip\n' +
      'spec.containers[0].env[1].valueFrom: Invalid value: "": may not be specified when `value` is not empty',
  );
  assert.equal(
    await pod(
      { image: '', imagePullPolicy: 'Sometimes' },
      { restartPolicy: 'Maybe', tolerations: [{ operator: 'Has' }] },
    ),
    'spec.containers[0].image: Required value\n' +
      'spec.containers[0].imagePullPolicy: Unsupported value: "Sometimes": supported values: "Always", "IfNotPresent", "Never"\n' +
      'spec.restartPolicy: Unsupported value: "Maybe": supported values: "Always", "OnFailure", "Never"\n' +
      'spec.tolerations[0].operator: Invalid value: "Has": operator must be Exists when `key` is empty, which means "match all values and all keys"\n' +
      'spec.tolerations[0].operator: Unsupported value: "Has": supported values: "Equal", "Exists"',
  );
});

test('names and labels', async () => {
  assert.match(
    await told('Pod', { spec: { containers: [container()] } }, 'My_Pod'),
    /^metadata\.name: Invalid value: "My_Pod": a lowercase RFC 1123 subdomain/,
  );
  assert.match(
    await told('Namespace', {}, 'a.b'),
    /^metadata\.name: Invalid value: "a\.b": a lowercase RFC 1123 label/,
  );
  assert.match(
    await told('Service', { spec: { ports: [{ port: 80 }] } }, '1st'),
    /^metadata\.name: Invalid value: "1st": a DNS-1035 label/,
  );
  const labelled = await server.request('POST', `${PATHS['ConfigMap']}?dryRun=All`, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'a', labels: { 'a/b/c': 'x', ok: 'not ok', '/n': '' }, annotations: { 'no way': '' } },
  });
  const causes = labelled.body.details.causes as { field: string; message: string }[];
  assert.deepEqual(
    causes.map(({ field, message }) => `${field}: ${message.slice(0, 60)}`),
    [
      'metadata.labels: Invalid value: "a/b/c": a qualified name must consist of alp',
      'metadata.labels: Invalid value: "not ok": a valid label must be an empty stri',
      'metadata.labels: Invalid value: "/n": prefix part must be non-empty',
      'metadata.annotations: Invalid value: "no way": name part must consist of alphanume',
    ],
  );
});

const template = (labels: Record<string, string>, spec: Record<string, unknown> = {}) => ({
  metadata: { labels },
  spec: { containers: [container()], ...spec },
});
const selector = { matchLabels: { app: 'a' } };

test('selectors, strategies and restart policies of workloads', async () => {
  const deployment = (spec: Record<string, unknown>) =>
    told('Deployment', { spec: { selector, template: template({ app: 'a' }), ...spec } });
  assert.equal(
    await deployment({ template: template({ app: 'b' }) }),
    'spec.template.metadata.labels: Invalid value: {"app":"b"}: `selector` does not match template `labels`',
  );
  assert.equal(
    await deployment({ selector: {} }),
    'spec.selector: Invalid value: {}: empty selector is invalid for deployment',
  );
  assert.equal(
    await deployment({ strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: '0%' } } }),
    'spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "0%": may not be 0 when `maxSurge` is 0',
  );
  assert.equal(
    await deployment({
      template: template({ app: 'a' }, { restartPolicy: 'Never' }),
      progressDeadlineSeconds: 5,
      minReadySeconds: 5,
    }),
    'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"\n' +
      'spec.progressDeadlineSeconds: Invalid value: 5: must be greater than minReadySeconds',
  );
  assert.equal(
    await told('StatefulSet', {
      spec: {
        selector,
        serviceName: 'Db',
        template: template({ app: 'a' }),
        volumeClaimTemplates: [{ metadata: { name: 'd' }, spec: {} }],
      },
    }),
    'spec.volumeClaimTemplates[0].spec.accessModes: Required value: at least 1 access mode is required\n' +
      'spec.volumeClaimTemplates[0].spec.resources[storage]: Required value\n' +
      `spec.serviceName: Invalid value: "Db": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')`,
  );
  assert.equal(
    await told('DaemonSet', {
      spec: { selector, template: template({ app: 'a' }), updateStrategy: { rollingUpdate: { maxUnavailable: 0 } } },
    }),
    'spec.updateStrategy.rollingUpdate.maxUnavailable: Required value: cannot be 0 when maxSurge is 0',
  );
});

test('jobs end, and schedules can be read', async () => {
  assert.equal(
    await told('Job', { spec: { completions: -1, template: { spec: { containers: [container()] } } } }),
    'spec.completions: Invalid value: -1: must be greater than or equal to 0\n' +
      'spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"',
  );
  const cron = (spec: Record<string, unknown>) =>
    told('CronJob', {
      spec: {
        schedule: '* * * * *',
        jobTemplate: { spec: { template: template({}, { restartPolicy: 'Never' }) } },
        ...spec,
      },
    });
  const schedules: Readonly<Record<string, string>> = {
    '* * * *': 'expected exactly 5 fields, found 4: [* * * *]',
    '60 * * * *': 'end of range (60) above maximum (59): 60',
    '* * 0 * *': 'beginning of range (0) below minimum (1): 0',
    '* * * * 7': 'end of range (7) above maximum (6): 7',
    '5-1 * * * *': 'beginning of range (5) beyond end of range (1): 5-1',
    '*/0 * * * *': 'step of range should be a positive number: */0',
    'x * * * *': String.raw`failed to parse int from x: strconv.Atoi: parsing \"x\": invalid syntax`.replaceAll(
      '\\',
      '',
    ),
    '@daytime': 'unrecognized descriptor: @daytime',
  };
  for (const [schedule, why] of Object.entries(schedules))
    assert.equal(await cron({ schedule }), `spec.schedule: Invalid value: "${schedule}": ${why}`);
  assert.equal(await cron({ schedule: '*/5 8-18 1,15 jan-jun MON-FRI' }), 'accepted');
  assert.equal(
    await cron({ timeZone: 'Mars/Olympus' }),
    'spec.timeZone: Invalid value: "Mars/Olympus": unknown time zone Mars/Olympus',
  );
  assert.equal(
    await cron({ concurrencyPolicy: 'Queue' }),
    'spec.concurrencyPolicy: Unsupported value: "Queue": supported values: "Allow", "Forbid", "Replace"',
  );
});

test('ports, types and addresses of Services', async () => {
  const service = (spec: Record<string, unknown>) => told('Service', { spec });
  assert.equal(await service({}), 'spec.ports: Required value');
  assert.equal(
    await service({ ports: [{ port: 80 }, { port: 80, name: 'b' }] }),
    'spec.ports[0].name: Required value\n' +
      'spec.ports[1]: Duplicate value: {"Name":"","Protocol":"TCP","AppProtocol":null,"Port":80,"TargetPort":0,"NodePort":0}',
  );
  assert.equal(
    await service({
      ports: [
        { port: 80, name: 'a' },
        { port: 0, name: 'a', targetPort: 'a_b' },
      ],
    }),
    'spec.ports[1].name: Duplicate value: "a"\n' +
      'spec.ports[1].port: Invalid value: 0: must be between 1 and 65535, inclusive\n' +
      'spec.ports[1].targetPort: Invalid value: "a_b": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
  );
  assert.equal(
    await service({ type: 'ClusterIP', ports: [{ port: 80, nodePort: 30080 }] }),
    "spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'",
  );
  assert.equal(
    await service({ type: 'NodePort', ports: [{ port: 80, nodePort: 80 }] }),
    'spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-32767',
  );
  assert.equal(await service({ type: 'ExternalName' }), 'spec.externalName: Required value');
  assert.equal(
    await service({ type: 'Balanced', ports: [{ port: 80 }] }),
    'spec.type: Unsupported value: "Balanced": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"',
  );
});

test('an address once given stays', async () => {
  const path = PATHS['Service'] ?? '';
  const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'stays' }, spec: { ports: [{ port: 80 }] } };
  await server.request('POST', path, service);
  const patch = { spec: { clusterIP: '172.30.9.9', clusterIPs: ['172.30.9.9'] } };
  const { body } = await server.request('PATCH', `${path}/stays`, patch, {
    'content-type': 'application/merge-patch+json',
  });
  assert.match(body.message, /spec\.clusterIPs\[0\]: Invalid value: \["172\.30\.9\.9"\]: may not change once set/);
});

test('keys and types of ConfigMaps and Secrets', async () => {
  assert.match(
    await told('ConfigMap', { data: { 'a b': 'x' } }),
    /^data\[a b\]: Invalid value: "a b": a valid config key must consist/,
  );
  assert.equal(
    await told('ConfigMap', { data: { a: 'x' }, binaryData: { a: 'eA==' } }),
    'data[a]: Invalid value: "a": duplicate of key present in binaryData',
  );
  assert.equal(
    await told('Secret', { type: 'kubernetes.io/tls', data: { 'tls.crt': '' } }),
    'data[tls.key]: Required value',
  );
  assert.equal(
    await told('Secret', { type: 'kubernetes.io/basic-auth' }),
    'data[username]: Required value\ndata[password]: Required value',
  );
  assert.equal(
    await told('Secret', { type: 'kubernetes.io/dockerconfigjson' }),
    'data[.dockerconfigjson]: Required value',
  );
});

test('claims and volumes', async () => {
  assert.equal(
    await told('PersistentVolumeClaim', {
      spec: { accessModes: ['ReadWriteAlways'], resources: { requests: { storage: '0' } } },
    }),
    'spec.accessModes: Unsupported value: "ReadWriteAlways": supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"\n' +
      'spec.resources[storage]: Invalid value: "0": must be greater than zero',
  );
  assert.equal(
    await told('PersistentVolume', { spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'] } }),
    'spec: Required value: must specify a volume type',
  );
});

test('Ingresses say how paths match and where they lead', async () => {
  const ingress = (path: Record<string, unknown>) =>
    told('Ingress', { spec: { rules: [{ host: 'a.test', http: { paths: [path] } }] } });
  const backend = { service: { name: 'web', port: { number: 80 } } };
  const at = 'spec.rules[0].http.paths[0]';
  assert.equal(await ingress({ path: '/', backend }), `${at}.pathType: Required value: pathType must be specified`);
  assert.equal(
    await ingress({ path: 'a', pathType: 'Prefix', backend }),
    `${at}.path: Invalid value: "a": must be an absolute path`,
  );
  assert.equal(
    await ingress({ path: '/', pathType: 'Any', backend: {} }),
    `${at}.pathType: Unsupported value: "Any": supported values: "Exact", "ImplementationSpecific", "Prefix"\n` +
      `${at}.backend: Invalid value: "": resource or service backend is required`,
  );
  assert.equal(
    await ingress({ path: '/', pathType: 'Exact', backend: { service: { name: 'web' } } }),
    `${at}.backend: Required value: port name or number is required`,
  );
  assert.equal(
    await told('Ingress', { spec: {} }),
    'spec: Invalid value: null: either `defaultBackend` or `rules` must be specified',
  );
});

test('NetworkPolicies', async () => {
  const policy = (spec: Record<string, unknown>) => told('NetworkPolicy', { spec: { podSelector: {}, ...spec } });
  assert.equal(
    await policy({ ingress: [{ from: [{}], ports: [{ port: 99999 }, { port: 'web', endPort: 90 }] }] }),
    'spec.ingress[0].ports[0].port: Invalid value: 99999: must be between 1 and 65535, inclusive\n' +
      'spec.ingress[0].ports[1].endPort: Invalid value: 90: may not be specified when `port` is non-numeric\n' +
      'spec.ingress[0].from[0]: Required value: must specify a peer',
  );
  assert.equal(
    await policy({ egress: [{ to: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['11.0.0.0/16'] }, podSelector: {} }] }] }),
    'spec.egress[0].to[0].ipBlock.except[0]: Invalid value: "11.0.0.0/16": must be a strict subset of `cidr`\n' +
      'spec.egress[0].to[0]: Forbidden: may not specify both ipBlock and another peer',
  );
  assert.equal(
    await policy({ policyTypes: ['Inbound'] }),
    'spec.policyTypes[0]: Unsupported value: "Inbound": supported values: "Ingress", "Egress"',
  );
});

test('roles and bindings', async () => {
  assert.equal(
    await told('Role', {
      rules: [
        { resources: ['pods'], apiGroups: [''] },
        { verbs: ['get'], nonResourceURLs: ['/healthz'] },
      ],
    }),
    'rules[0].verbs: Required value: verbs must contain at least one value\n' +
      'rules[1].nonResourceURLs: Invalid value: ["/healthz"]: namespaced rules cannot apply to non-resource URLs',
  );
  assert.equal(
    await told('ClusterRole', { rules: [{ verbs: ['get'], resources: ['pods'] }] }),
    'rules[0].apiGroups: Required value: resource rules must supply at least one api group',
  );
  assert.equal(
    await told('RoleBinding', { roleRef: { kind: 'Group', name: '' }, subjects: [{ kind: 'Robot', name: 'r' }] }),
    'roleRef.kind: Unsupported value: "Group": supported values: "Role", "ClusterRole"\n' +
      'roleRef.name: Required value\n' +
      'subjects[0].kind: Unsupported value: "Robot": supported values: "ServiceAccount", "User", "Group"',
  );
});
