/** Mistakes in other kinds, refused with kube-apiserver's messages. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { load } from 'js-yaml';
import { startApiServer } from '../index.ts';
import type { ApiServer } from '../types.ts';

let api: ApiServer;

before(async () => {
  api = await startApiServer({
    internal: { host: '127.0.0.1', port: 0 },
    tokens: new Map(),
    serviceCidr: '172.30.0.0/16',
  });
});
after(() => api.stop());

interface Answer {
  readonly code: number;
  readonly message: string;
  readonly warning: string;
}

async function send(method: string, path: string, manifest: string): Promise<Answer> {
  const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  const body = JSON.stringify(load(manifest));
  const response = await fetch(api.url + path, { method, headers: { 'content-type': type }, body });
  const answer: unknown = await response.json();
  const message = (answer as { message?: string }).message ?? '';
  return { code: response.status, message, warning: response.headers.get('warning') ?? '' };
}

const NAMESPACED = (group: string, plural: string): string => `${group}/namespaces/default/${plural}`;
const PODS = NAMESPACED('/api/v1', 'pods');

function pod(spec: string, container = ''): string {
  return `{ metadata: { generateName: p- }, spec: { containers: [{ name: c, image: i${container} }]${spec} } }`;
}
const inContainer = (fields: string): string => pod('', `, ${fields}`);
const inSpec = (fields: string): string => pod(`, ${fields}`);
const required = 'requiredDuringSchedulingIgnoredDuringExecution';

const WRONG_PODS: readonly (readonly [string, RegExp])[] = [
  [
    inSpec(`affinity: { podAntiAffinity: { ${required}: [{ labelSelector: {} }] } }`),
    /podAntiAffinity\.required\w+\[0\]\.topologyKey: Required value: can not be empty/,
  ],
  [
    inSpec(
      `affinity: { nodeAffinity: { ${required}: { nodeSelectorTerms: [{ matchExpressions: [{ key: a, operator: In }] }] } } }`,
    ),
    /matchExpressions\[0\]\.values: Required value: must be specified when `operator` is 'In' or 'NotIn'/,
  ],
  [
    inSpec('topologySpreadConstraints: [{ maxSkew: 0, topologyKey: zone, whenUnsatisfiable: Never }]'),
    /\[0\]\.maxSkew: Invalid value: 0: must be greater than zero, .*supported values: "DoNotSchedule", "ScheduleAnyway"/,
  ],
  [inContainer('securityContext: { runAsUser: -1 }'), /runAsUser: Invalid value: -1: must be between 0 and 2147483647/],
  [
    inContainer('securityContext: { privileged: true, allowPrivilegeEscalation: false }'),
    /cannot set `allowPrivilegeEscalation` to false and `privileged` to true/,
  ],
  [
    inSpec('securityContext: { seccompProfile: { type: Localhost } }'),
    /localhostProfile: Required value: must be set when seccomp type is Localhost/,
  ],
  [inSpec('securityContext: { fsGroupChangePolicy: Never }'), /supported values: "Always", "OnRootMismatch"/],
  [inSpec('dnsPolicy: None'), /spec\.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None/],
  [
    inSpec('hostAliases: [{ ip: here, hostnames: [a] }]'),
    /hostAliases\[0\]\.ip: Invalid value: "here": must be a valid IP/,
  ],
  [
    inSpec('ephemeralContainers: [{ name: e, image: i }]'),
    /spec\.ephemeralContainers: Forbidden: cannot be set on create/,
  ],
  [
    '{ metadata: { name: p }, spec: { containers: [{ name: c, image: " i" }] } }',
    /must not have leading or trailing whitespace/,
  ],
];

test('pods: affinity, spread, security contexts, DNS, host aliases', async () => {
  for (const [manifest, message] of WRONG_PODS) {
    const answer = await send('POST', PODS, manifest);
    assert.equal(answer.code, 422, manifest);
    assert.match(answer.message, message);
  }
});

const AUTOSCALERS = NAMESPACED('/apis/autoscaling/v2', 'horizontalpodautoscalers');
const autoscaler = (spec: string): string =>
  `{ metadata: { name: h }, spec: { maxReplicas: 2, scaleTargetRef: { kind: Deployment, name: d, apiVersion: apps/v1 }, ${spec} } }`;

const WRONG: readonly (readonly [string, string, RegExp])[] = [
  [AUTOSCALERS, autoscaler('metrics: [{ type: Resource }]'), /metrics\[0\]\.resource: Required value: must populate/],
  [
    AUTOSCALERS,
    autoscaler('metrics: [{ type: Resource, resource: { name: cpu, target: { type: Utilization } } }]'),
    /target\.averageUtilization: Required value: must set either a target raw value or a target utilization/,
  ],
  [
    AUTOSCALERS,
    autoscaler('behavior: { scaleDown: { policies: [] } }'),
    /policies: Required value: must specify at least/,
  ],
  [
    NAMESPACED('/apis/policy/v1', 'poddisruptionbudgets'),
    '{ metadata: { name: b }, spec: { minAvailable: 1, unhealthyPodEvictionPolicy: Never } }',
    /supported values: "AlwaysAllow", "IfHealthyBudget"/,
  ],
  ['/apis/storage.k8s.io/v1/storageclasses', '{ metadata: { name: s } }', /provisioner: Required value/],
  [
    '/apis/scheduling.k8s.io/v1/priorityclasses',
    '{ metadata: { name: p }, value: 2000000000 }',
    /value: Forbidden: maximum allowed value of a user defined priority is 1000000000/,
  ],
  [
    NAMESPACED('/api/v1', 'resourcequotas'),
    '{ metadata: { name: q }, spec: { hard: { foo: 1, pods: "1.5" } } }',
    /hard\[foo\]: Invalid value: "foo": must be a standard resource for quota, .*"1500m": must be an integer/,
  ],
  [
    NAMESPACED('/api/v1', 'limitranges'),
    '{ metadata: { name: l }, spec: { limits: [{ type: Container, max: { cpu: 1 }, min: { cpu: 2 } }] } }',
    /min\[cpu\]: Invalid value: "2": min value 2 is greater than max value 1/,
  ],
  [
    NAMESPACED('/api/v1', 'endpoints'),
    '{ metadata: { name: e }, subsets: [{ addresses: [{ ip: here }] }] }',
    /addresses\[0\]\.ip: Invalid value: "here": must be a valid IP address/,
  ],
  [
    NAMESPACED('/apis/discovery.k8s.io/v1', 'endpointslices'),
    '{ metadata: { name: e }, addressType: Name, endpoints: [] }',
    /addressType: Unsupported value: "Name": supported values: "FQDN", "IPv4", "IPv6"/,
  ],
  [
    NAMESPACED('/api/v1', 'services'),
    '{ metadata: { name: s }, spec: { externalIPs: [127.0.0.1], ports: [{ port: 80 }] } }',
    /externalIPs\[0\]: Invalid value: "127\.0\.0\.1": may not be in the loopback range/,
  ],
  [
    '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations',
    '{ metadata: { name: v }, webhooks: [{ name: short, sideEffects: Some, admissionReviewVersions: [v1], clientConfig: {} }] }',
    /at least three segments.*supported values: "None", "NoneOnDryRun".*exactly one of url or service is required/,
  ],
  ...(
    [
      [
        '{ url: "http://a.test/x" }',
        /url: Invalid value: "http": 'https' is the only allowed URL scheme; desired format: https:\/\/host\[\/path\]/,
      ],
      ['{ url: "https:///x" }', /url: Invalid value: "": host must be specified; desired format/],
      [
        '{ url: "https://me:pw@a.test/#f" }',
        /"me:pw": user information is not permitted in the URL.*"f": fragments are not permitted in the URL/,
      ],
      ['{ url: "https://a.test/?q=1" }', /url: Invalid value: "q=1": query parameters are not permitted in the URL/],
      [
        '{ service: { name: "", namespace: "" } }',
        /service\.name: Required value: service name is required.*service\.namespace: Required value: service namespace is required/,
      ],
      [
        '{ service: { name: a, namespace: b, port: 70000 } }',
        /service\.port: Invalid value: 70000: port is not valid: must be between 1 and 65535, inclusive/,
      ],
      [
        '{ service: { name: a, namespace: b, path: "x//y" } }',
        /service\.path: Invalid value: "x\/\/y": must start with a '\/'/,
      ],
      [
        '{ service: { name: a, namespace: b, path: "/x//Y" } }',
        /segment\[1\] may not be empty.*segment\[2\]: a lowercase RFC 1123 subdomain/,
      ],
    ] as const
  ).map(
    ([config, message]) =>
      [
        '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations',
        `{ metadata: { name: v }, webhooks: [{ name: a.b.test, sideEffects: None, admissionReviewVersions: [v1], clientConfig: ${config} }] }`,
        message,
      ] as const,
  ),
];

test('autoscalers, budgets, classes, quotas, limits, endpoints, webhooks', async () => {
  for (const [path, manifest, message] of WRONG) {
    const answer = await send('POST', path, manifest);
    assert.equal(answer.code, 422, manifest);
    assert.match(answer.message, message);
  }
});

const CHANGES: readonly (readonly [string, string, string, RegExp])[] = [
  [
    '/apis/storage.k8s.io/v1/storageclasses',
    '{ metadata: { name: x }, provisioner: a/b }',
    '{ provisioner: c/d }',
    /provisioner: Forbidden: updates to provisioner are forbidden\./,
  ],
  [
    '/apis/scheduling.k8s.io/v1/priorityclasses',
    '{ metadata: { name: x }, value: 1 }',
    '{ value: 2 }',
    /value: Forbidden: may not be changed in an update\./,
  ],
  [
    '/apis/networking.k8s.io/v1/ingressclasses',
    '{ metadata: { name: x }, spec: { controller: a.b/c } }',
    '{ spec: { controller: d.e/f } }',
    /spec\.controller: Invalid value: "d\.e\/f": field is immutable/,
  ],
  [
    '/api/v1/persistentvolumes',
    '{ metadata: { name: x }, spec: { accessModes: [ReadWriteOnce], capacity: { storage: 1Gi }, hostPath: { path: /a } } }',
    '{ spec: { hostPath: { path: /b } } }',
    /spec\.persistentvolumesource is immutable after creation/,
  ],
];

test('what may not be changed later', async () => {
  for (const [path, manifest, patch, message] of CHANGES) {
    assert.equal((await send('POST', path, manifest)).code, 201, manifest);
    const answer = await send('PATCH', `${path}/x`, patch);
    assert.equal(answer.code, 422, patch);
    assert.match(answer.message, message);
  }
});

test('variables and ports that stand twice are taken with a warning', async () => {
  const env = 'env: [{ name: A, value: x }, { name: A, value: y }]';
  const { code, warning } = await send(
    'POST',
    PODS,
    inContainer(`${env}, ports: [{ containerPort: 80 }, { containerPort: 80 }]`),
  );
  assert.equal(code, 201);
  assert.match(warning, /env\[1\]: hides previous definition of \\"A\\", which may be dropped when using apply/);
  assert.match(warning, /ports\[1\]: duplicate port definition with spec\.containers\[0\]\.ports\[0\]/);
});
