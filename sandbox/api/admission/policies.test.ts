import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { deployment, MERGE, PODS, pod, startServer } from '../testing.ts';

const server = await startServer();
after(() => server[Symbol.asyncDispose]());
const { request } = server;
const POLICIES = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies';
const BINDINGS = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings';
const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments';
const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps';

const ON_DEPLOYMENTS = {
  resourceRules: [
    { apiGroups: ['apps'], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['deployments'] },
  ],
};

async function policy(name: string, spec: object, binding: object = {}): Promise<() => Promise<void>> {
  const made = await request('POST', POLICIES, {
    metadata: { name },
    spec: { matchConstraints: ON_DEPLOYMENTS, ...spec },
  });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  const bound = { policyName: name, validationActions: ['Deny'], ...binding };
  const answer = await request('POST', BINDINGS, { metadata: { name: `${name}-binding` }, spec: bound });
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  return async () => {
    await request('DELETE', `${POLICIES}/${name}`);
    await request('DELETE', `${BINDINGS}/${name}-binding`);
  };
}

function sized(name: string, replicas: number) {
  const one = deployment(name);
  return { ...one, spec: { ...Object(one['spec']), replicas } };
}

test('what a bound policy denies is refused in its words, on create and on change', async () => {
  const end = await policy('size', { validations: [{ expression: 'object.spec.replicas <= 5' }] });
  const refused = await request('POST', DEPLOYMENTS, sized('big', 6));
  assert.equal(refused.status, 422);
  assert.equal(refused.body.reason, 'Invalid');
  assert.equal(
    refused.body.message,
    "deployments.apps \"big\" is forbidden: ValidatingAdmissionPolicy 'size' with binding 'size-binding' denied request: failed expression: object.spec.replicas <= 5",
  );
  assert.equal((await request('POST', DEPLOYMENTS, sized('small', 5))).status, 201);
  assert.equal((await request('PATCH', `${DEPLOYMENTS}/small`, { spec: { replicas: 9 } }, MERGE)).status, 422);
  await end();
  assert.equal((await request('PATCH', `${DEPLOYMENTS}/small`, { spec: { replicas: 9 } }, MERGE)).status, 200);
});

test('parameters, variables and computed messages', async () => {
  await request('POST', CONFIG_MAPS, { metadata: { name: 'limits' }, data: { max: '3' } });
  const paramRef = { name: 'limits', namespace: 'default', parameterNotFoundAction: 'Deny' };
  const end = await policy(
    'by-params',
    {
      paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
      variables: [
        { name: 'most', expression: 'int(params.data.max)' },
        { name: 'fits', expression: 'object.spec.replicas <= variables.most' },
      ],
      validations: [
        { expression: 'variables.fits', messageExpression: '"at most " + string(variables.most)', reason: 'Forbidden' },
      ],
    },
    { paramRef },
  );
  const refused = await request('POST', DEPLOYMENTS, sized('four', 4));
  assert.equal(refused.status, 403);
  assert.match(refused.body.message, /denied request: at most 3$/);
  await request('DELETE', `${CONFIG_MAPS}/limits`);
  const unbound = await request('POST', DEPLOYMENTS, sized('four', 2));
  assert.match(unbound.body.message, /no params found for policy binding with `Deny` parameterNotFoundAction/);
  await end();
});

test('a warning lets the object pass; conditions and selectors leave it alone', async () => {
  const end = await policy(
    'advice',
    {
      matchConditions: [{ name: 'not-mine', expression: '!object.metadata.name.startsWith("mine")' }],
      validations: [{ expression: 'has(object.metadata.labels)', message: 'label it' }],
    },
    { validationActions: ['Warn', 'Audit'], matchResources: { namespaceSelector: { matchLabels: { strict: 'no' } } } },
  );
  assert.equal((await request('POST', DEPLOYMENTS, sized('free', 1))).headers.get('warning'), null);
  await request('PATCH', '/api/v1/namespaces/default', { metadata: { labels: { strict: 'no' } } }, MERGE);
  const warned = await request('POST', DEPLOYMENTS, sized('plain', 1));
  assert.equal(warned.status, 201);
  assert.match(
    warned.headers.get('warning') ?? '',
    /Validation failed for ValidatingAdmissionPolicy 'advice' with binding 'advice-binding': label it/,
  );
  assert.equal((await request('POST', DEPLOYMENTS, sized('mine', 1))).headers.get('warning'), null);
  await end();
});

test('an expression that fails denies, unless the policy ignores failures', async () => {
  const validations = [{ expression: 'object.spec.nothing.here == 1' }];
  const end = await policy('broken', { validations });
  const refused = await request('POST', DEPLOYMENTS, sized('any', 1));
  assert.match(
    refused.body.message,
    /expression 'object.spec.nothing.here == 1' resulted in error: no such key: nothing$/,
  );
  await end();
  const over = await policy('lenient', { validations, failurePolicy: 'Ignore' });
  assert.equal((await request('POST', DEPLOYMENTS, sized('any', 1))).status, 201);
  await over();
});

test('deletions have the old object alone', async () => {
  const matchConstraints = {
    resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['DELETE'], resources: ['pods'] }],
  };
  const expression = 'object == null && !("keep" in oldObject.metadata.labels)';
  const end = await policy('keep', { matchConstraints, validations: [{ expression, message: 'it is kept' }] });
  await request('POST', PODS, { ...pod('kept'), metadata: { name: 'kept', labels: { keep: 'yes' } } });
  assert.match((await request('DELETE', `${PODS}/kept`)).body.message, /it is kept/);
  await end();
  assert.equal((await request('DELETE', `${PODS}/kept`)).status, 200);
});

test('quantities compare by their amounts', async () => {
  const expression =
    'object.spec.template.spec.containers.all(c, quantity(c.resources.limits.memory).isLessThan(quantity("1Gi")))';
  const end = await policy('memory', { validations: [{ expression }] });
  const one = sized('heavy', 1);
  one.spec.template.spec.containers[0].resources = { limits: { memory: '1500Mi' } };
  assert.equal((await request('POST', DEPLOYMENTS, one)).status, 422);
  one.spec.template.spec.containers[0].resources = { limits: { memory: '900Mi' } };
  assert.equal((await request('POST', DEPLOYMENTS, one)).status, 201);
  await end();
});

test('a policy that does not parse, or lacks what it needs, is refused', async () => {
  const spec = { matchConstraints: ON_DEPLOYMENTS, validations: [{ expression: 'object.spec.replicas <=' }] };
  const refused = await request('POST', POLICIES, { metadata: { name: 'wrong' }, spec });
  assert.equal(refused.status, 422);
  assert.match(refused.body.message, /spec.validations\[0\].expression: Invalid value: .*compilation failed: ERROR/);
  const unbound = await request('POST', BINDINGS, { metadata: { name: 'b' }, spec: { policyName: 'x' } });
  assert.match(unbound.body.message, /spec.validationActions: Required value/);
});
