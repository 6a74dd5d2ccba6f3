import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Fields } from '../../../model/fields.ts';
import { unsupportedFields } from '../../fields/unsupported.ts';
import { DEFINITIONS, definitionOf } from '../openapi/builtin.ts';
import { deployment, PODS, pod, startServer } from '../testing.ts';
import { BUILTIN_KINDS } from './kinds/index.ts';

const server = await startServer();
after(() => server[Symbol.asyncDispose]());
const { request } = server;
const AS_DEVELOPER = { 'impersonate-user': 'someone', 'impersonate-group': 'system:masters' };

interface Leaf {
  /** `spec.containers[].image`. */
  readonly path: string;
  /** An object that sets only this field. */
  readonly object: Fields;
}

/** Every field of a type, each set in its own object. A recursive type is followed once. */
function leaves(type: string, path: string, within: readonly string[], wrap: (value: unknown) => Fields): Leaf[] {
  if (type.startsWith('[')) return leaves(type.slice(1), `${path}[]`, within, (value) => wrap([value]));
  if (type.startsWith('{')) return leaves(type.slice(1), `${path}.key`, within, (value) => wrap({ key: value }));
  if (!type.startsWith('#')) return [{ path, object: wrap(sample(type)) }];
  const name = type.slice(1);
  if (within.includes(name)) return [];
  const fields = Object.entries(DEFINITIONS[name]?.f ?? {});
  return fields.flatMap(([field, inside]) =>
    leaves(inside, path === '' ? field : `${path}.${field}`, [...within, name], (value) => wrap({ [field]: value })),
  );
}

function sample(type: string): unknown {
  if (type === 'boolean') return true;
  if (/^int|number|double/.test(type)) return 1;
  return type === 'any' || type === 'object' ? { some: 'thing' } : 'something';
}

function leavesOf(kind: { group: string; version: string; kind: string }): Leaf[] {
  const root = `#${definitionOf(kind.group, kind.version, kind.kind)}`;
  return leaves(root, '', [], (value) => value as Fields).filter(
    ({ path }) => !/^(apiVersion|kind|metadata|status)\b/.test(path),
  );
}

for (const kind of BUILTIN_KINDS) {
  const { fields: support } = kind;
  if (support === undefined || support.kind !== undefined) continue;

  test(`${kind.version} ${kind.kind}: every field has an effect or is warned of`, () => {
    const plain = support.supported.filter((path) => !path.includes('='));
    const single = support.supported.filter((path) => path.includes('='));
    const all = leavesOf(kind);
    for (const { path, object } of all) {
      const told = unsupportedFields({ kind: kind.kind, support, object, old: undefined });
      const listed = plain.some((one) => path === one || path.startsWith(`${one}.`) || path.startsWith(`${one}[`));
      if (!listed) assert.equal(told.length, 1, `${path} is neither listed as supported nor warned of`);
    }
    assert.ok(all.length > 0);
    for (const path of [...support.supported, ...Object.keys(support.unsupported)]) {
      const [field = ''] = path.split('=');
      const exists = all.some(
        (leaf) => leaf.path === field || leaf.path.startsWith(`${field}.`) || leaf.path.startsWith(`${field}[`),
      );
      assert.ok(exists, `${field} is not a field of ${kind.kind}`);
    }
    assert.ok(single.every((path) => !plain.includes(path.split('=')[0] ?? '')));
  });
}

/** Names that no code needs to read. */
const MEANINGLESS: Readonly<Record<string, string>> = {
  $schema: 'a real server keeps it and does nothing with it',
  fieldsType: 'managedFields in a template mean nothing',
  fieldsV1: 'managedFields in a template mean nothing',
};

test('a field is said to have an effect only if code reads it', () => {
  const sandbox = join(import.meta.dirname, '..', '..');
  // Types, tables of fields and the wire format name every field, whether it has an effect or not.
  const namesAll = /\.test\.ts$|\/openapi\/|\/protobuf\/|\/registry\/kinds\/|field-support\.ts$|\/client\/kinds\//;
  const code = globSync('**/*.ts', { cwd: sandbox })
    .filter((file) => !namesAll.test(`/${file}`))
    .map((file) => readFileSync(join(sandbox, file), 'utf8'));
  const text = code.join('\n');
  const words = new Set(text.match(/[\w$]+/g));
  const isRead = (name: string) => words.has(name) || (name.includes('-') && text.includes(name));
  const unread = BUILTIN_KINDS.flatMap((kind) => {
    const { fields: support } = kind;
    if (support === undefined || support.kind !== undefined) return [];
    return leavesOf(kind)
      .filter(({ object }) => unsupportedFields({ kind: kind.kind, support, object, old: undefined }).length === 0)
      .map(({ path }) => ({
        path: `${kind.kind} ${path}`,
        name:
          path
            .replace(/\[\]|\.key$/g, '')
            .split('.')
            .at(-1) ?? '',
      }))
      .filter(({ name }) => !(name in MEANINGLESS) && !isRead(name))
      .map(({ path }) => path);
  });
  assert.deepEqual(unread, []);
});

test('a write is answered with a warning for each field without effect', async () => {
  const object = pod('limited', {
    priorityClassName: 'system-cluster-critical',
    containers: [{ name: 'main', image: 'example', resources: { limits: { cpu: '1' } } }],
  });
  const { headers, status } = await request('POST', `${PODS}?dryRun=All`, object);
  assert.equal(status, 201);
  assert.equal(
    headers.get('warning'),
    '299 - "spec.containers[0].resources has no effect in the sandbox: containers share the machine, and nothing they use is measured or limited", ' +
      '299 - "spec.priorityClassName has no effect in the sandbox: pods are placed in the order in which they come"',
  );
});

test('explicit defaults give no warning, and neither does a change of another field', async () => {
  const plain = pod('plain', {
    dnsPolicy: 'ClusterFirst',
    preemptionPolicy: 'PreemptLowerPriority',
    securityContext: {},
    containers: [{ name: 'main', image: 'example', terminationMessagePath: '/dev/termination-log' }],
  });
  assert.equal((await request('POST', PODS, plain)).headers.get('warning'), null);
  const path = `${PODS}/plain`;
  const label = { metadata: { labels: { a: 'b' } } };
  const patched = await request('PATCH', path, label, { 'content-type': 'application/merge-patch+json' });
  assert.equal(patched.headers.get('warning'), null);
});

test('whoever makes an object that no controller acts on is warned', async () => {
  const path = '/apis/storage.k8s.io/v1/storageclasses?dryRun=All';
  const made = await request('POST', path, { metadata: { name: 'idle' }, provisioner: 'example.com/none' });
  assert.match(made.headers.get('warning') ?? '', /StorageClass has no effect in the sandbox: claims of every class/);
});

test('what people set without effect is kept as events; what controllers make is not', async () => {
  const spread = deployment('spread');
  const template = Object(spread['spec'])['template'];
  const podAffinityTerm = { topologyKey: 'zone' };
  template.spec.affinity = {
    podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm }] },
  };
  await request('POST', '/apis/apps/v1/namespaces/default/deployments', spread, AS_DEVELOPER);
  const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'spread-1', uid: 'u', controller: true };
  const made = pod('spread-1-a', { priorityClassName: 'high' });
  Object(made.metadata)['ownerReferences'] = [owner];
  await request('POST', PODS, made, AS_DEVELOPER);
  const { body } = await request('GET', '/api/v1/events?fieldSelector=reason%3DFieldWithoutEffect');
  const events = body.items as { involvedObject: { kind: string; name: string; fieldPath: string }; message: string }[];
  assert.deepEqual(
    events.map(({ involvedObject: { kind, name, fieldPath }, message }) => [kind, name, fieldPath, message]),
    [
      [
        'Deployment',
        'spread',
        'spec.template.spec.affinity',
        'spec.template.spec.affinity has no effect in the sandbox: pods are spread evenly over the nodes that take them',
      ],
    ],
  );
});
