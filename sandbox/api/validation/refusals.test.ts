/** More mistakes of labs' authors, with the messages in the source of kube-apiserver 1.34. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { load } from 'js-yaml';
import { startServer } from '../testing.ts';

const server = await startServer();
after(() => server[Symbol.asyncDispose]());

async function refused(path: string, manifest: string): Promise<string> {
  const { status, body } = await server.request('POST', `${path}?dryRun=All`, load(manifest));
  assert.equal(status, 422, `${manifest}: ${body.message ?? 'accepted'}`);
  return body.message;
}

async function each(path: string, cases: Readonly<Record<string, string>>): Promise<void> {
  for (const [manifest, message] of Object.entries(cases)) {
    const said = await refused(path, manifest);
    assert.ok(said.includes(message), `${manifest}\n  said ${said}\n  wanted ${message}`);
  }
}

const job = (spec: string, restart = 'Never'): string =>
  `{ metadata: { name: j }, spec: { template: { spec: { restartPolicy: ${restart}, containers: [{ name: main, image: i }] } }, ${spec} } }`;
const rule = (text: string): string => job(`podFailurePolicy: { rules: [{ ${text} }] }`);
const failure = 'spec.podFailurePolicy.rules[0]';

test('the rules of a Job for failed pods, for success and for indexes', async () => {
  await each('/apis/batch/v1/namespaces/default/jobs', {
    [rule('onExitCodes: { operator: In, values: [1] }')]:
      `${failure}.action: Required value: valid values: ["Count" "FailIndex" "FailJob" "Ignore"]`,
    [rule('action: Retry, onExitCodes: { operator: In, values: [1] }')]:
      `${failure}.action: Unsupported value: "Retry": supported values: "Count", "FailIndex", "FailJob", "Ignore"`,
    [rule('action: FailIndex, onExitCodes: { operator: In, values: [1] }')]:
      `${failure}.action: Invalid value: "FailIndex": requires the backoffLimitPerIndex to be set`,
    [rule('action: Ignore')]:
      `${failure}: Invalid value: specifying one of OnExitCodes and OnPodConditions is required`,
    [rule('action: Ignore, onExitCodes: { operator: In, values: [0] }')]:
      `${failure}.onExitCodes.values[0]: Invalid value: 0: must not be 0 for the In operator`,
    [rule('action: Ignore, onExitCodes: { operator: In, values: [3, 2] }')]:
      `${failure}.onExitCodes.values: Invalid value: [3,2]: must be ordered`,
    [rule('action: Ignore, onExitCodes: { containerName: other, operator: In, values: [1] }')]:
      `${failure}.onExitCodes.containerName: Invalid value: "other": must be one of the container or initContainer names in the pod template`,
    [job(
      'podFailurePolicy: { rules: [{ action: FailJob, onExitCodes: { operator: In, values: [1] } }] }',
      'OnFailure',
    )]:
      'spec.template.spec.restartPolicy: Invalid value: "OnFailure": only "Never" is supported when podFailurePolicy is specified',
    [job('backoffLimitPerIndex: 1')]: 'spec.backoffLimitPerIndex: Invalid value: 1: requires indexed completion mode',
    [job('successPolicy: { rules: [{ succeededCount: 1 }] }')]:
      'spec.successPolicy: Invalid value: {"Rules":[{"SucceededIndexes":null,"SucceededCount":1}]}: requires indexed completion mode',
    [job('completionMode: Indexed, completions: 3, successPolicy: { rules: [{ succeededIndexes: 2-5 }] }')]:
      'succeededIndexes: Invalid value: "2-5": error parsing succeededIndexes: too large index: "5"',
    [job('podReplacementPolicy: Never')]:
      'spec.podReplacementPolicy: Unsupported value: "Never": supported values: "Failed", "TerminatingOrFailed"',
    [job('managedBy: me')]:
      'spec.managedBy: Invalid value: "me": must be a domain-prefixed path (such as "acme.io/foo")',
    [job('selector: { matchLabels: { app: j } }')]: '`selector` not auto-generated',
  });
});

const service = (spec: string): string => `{ metadata: { name: s }, spec: { ports: [{ port: 80 }], ${spec} } }`;

test('Services: source ranges, families, traffic', async () => {
  await each('/api/v1/namespaces/default/services', {
    [service('type: LoadBalancer, loadBalancerSourceRanges: [10.0.0.1]')]:
      'spec.LoadBalancerSourceRanges[0]: Invalid value: "10.0.0.1": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
    [service('loadBalancerSourceRanges: [10.0.0.0/8]')]:
      "spec.LoadBalancerSourceRanges: Forbidden: may only be used when `type` is 'LoadBalancer'",
    [service('ipFamilies: [IPv5]')]: 'spec.ipFamilies[0]: Unsupported value: "IPv5": supported values: "IPv4", "IPv6"',
    [service('trafficDistribution: Near')]:
      'spec.trafficDistribution: Unsupported value: "Near": supported values: "PreferClose", "PreferSameZone", "PreferSameNode"',
    [service('type: NodePort, healthCheckNodePort: 30999')]:
      "spec.healthCheckNodePort: Invalid value: 30999: may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'",
  });
});

const pod = (spec: string): string =>
  `{ metadata: { name: p }, spec: { containers: [{ name: main, image: i }], ${spec} } }`;
const container = (fields: string): string =>
  `{ metadata: { name: p }, spec: { containers: [{ name: main, image: i, ${fields} }] } }`;

test('Pods: policies, gates, operating systems, hooks and devices', async () => {
  await each('/api/v1/namespaces/default/pods', {
    [pod('schedulingGates: [{ name: a.test/x }, { name: a.test/x }]')]:
      'spec.schedulingGates[1]: Duplicate value: "a.test/x"',
    [pod('os: { name: windows }, securityContext: { runAsUser: 1000 }')]:
      'spec.securityContext.runAsUser: Forbidden: cannot be set for a windows pod',
    [container('lifecycle: { preStop: { sleep: { seconds: 99 } } }')]:
      'preStop.sleep: Invalid value: 99: must be non-negative and less than terminationGracePeriodSeconds (30)',
    [container("resources: { requests: { 'nvidia.com/gpu': 1 } }")]:
      'spec.containers[0].resources.limits: Required value: Limit must be set for non overcommitable resources',
    [container('resources: { limits: { hugepages-2Mi: 4Mi } }')]:
      'spec.containers[0].resources: Forbidden: HugePages require cpu or memory',
  });
});

const crd = (schema: string, version = ''): string =>
  `{ metadata: { name: books.library.test }, spec: { group: library.test, scope: Namespaced, names: { kind: Book, plural: books }, versions: [{ name: v1, served: true, storage: true, ${version} schema: { openAPIV3Schema: { type: object, properties: { a: ${schema} } } } }] } }`;
const property = 'spec.validation.openAPIV3Schema.properties[a]';
const cel = (text: string, self = '{ b: { type: integer } }'): string =>
  crd(`{ type: object, properties: ${self}, x-kubernetes-validations: [{ rule: '${text}' }] }`);

test('CRDs: keywords, list types, columns, scale, and CEL whose types do not fit', async () => {
  await each('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
    [crd('{ type: text }')]:
      `${property}.type: Unsupported value: "text": supported values: "array", "boolean", "integer"`,
    [crd('{ type: array, x-kubernetes-list-type: map, items: { type: object } }')]:
      `${property}.x-kubernetes-list-map-keys: Required value: must not be empty if x-kubernetes-list-type is map`,
    [crd("{ type: string, pattern: '[a' }")]:
      `${property}.pattern: Invalid value: "[a": must be a valid regular expression, but isn't: error parsing regexp: missing closing ]: \`[a\``,
    [crd('{ type: string }', 'additionalPrinterColumns: [{ name: A, type: text, jsonPath: .a }],')]:
      'spec.additionalPrinterColumns[0].type: Invalid value: "text": must be one of boolean,date,integer,number,string',
    [crd('{ type: string }', 'subresources: { scale: { specReplicasPath: .a, statusReplicasPath: .status.a } },')]:
      'specReplicasPath: Invalid value: ".a": should be a json path under .spec',
    [cel('self.b')]: 'cel expression must evaluate to a bool',
    [cel('self.b == "1"')]: "found no matching overload for '_==_' applied to '(int, string)'",
    [cel('self.b.length() > 1', '{ b: { type: string } }')]: "undeclared reference to 'length' (in container '')",
  });
});

test('admission policies and EndpointSlices', async () => {
  const constraints =
    'matchConstraints: { resourceRules: [{ apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: [deployments] }] }';
  const policy = (text: string): string => `{ metadata: { name: v }, spec: { ${constraints}, ${text} } }`;
  await each('/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies', {
    [policy("validations: [{ expression: 'obj.spec.replicas <= 5' }]")]:
      "undeclared reference to 'obj' (in container '')",
    [policy(`validations: [{ expression: '"a"' }]`)]: 'must evaluate to bool but got string',
    [policy("validations: [{ expression: 'true', reason: Because }]")]:
      'spec.validations[0].reason: Unsupported value: "Because"',
    [policy("variables: [{ name: a-b, expression: '1' }], validations: [{ expression: 'true' }]")]:
      'spec.variables[0].name: Invalid value: "a-b": must be a valid CEL identifier',
  });
  await each('/apis/discovery.k8s.io/v1/namespaces/default/endpointslices', {
    "{ metadata: { name: e }, addressType: IPv4, endpoints: [{ addresses: ['fd00::1'] }] }":
      'endpoints[0].addresses: Invalid value: "fd00::1": must be an IPv4 address',
  });
});
