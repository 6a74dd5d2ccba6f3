/** Mistakes of pods, refused with the messages of a real kube-apiserver (1.34). */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startServer } from '../testing.ts';
import { attemptsOn, container, PATHS } from './testing.ts';

const server = await startServer();
after(() => server[Symbol.asyncDispose]());
const { create, told, pod } = attemptsOn(server);

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
  assert.match(await told('Namespace', {}, 'a.b'), /^metadata\.name: Invalid value: "a\.b": must not contain dots/);
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
