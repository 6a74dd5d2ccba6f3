import assert from 'node:assert/strict';
import { glob, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { canonicalReference } from '../../model/image-reference.ts';
import { Images } from './images.ts';

const LAB = `
images:
  - image: example/app:v1
    command: [node, ./images/app.ts]
    env: { APP_VERSION: v1 }
  - image: example/app:*
    command: [node, ./images/other.ts]
`;

let directory = '';
let images: Images;
const logged: string[] = [];

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'images-test-'));
  await writeFile(join(directory, 'images.yaml'), LAB);
  images = new Images([join(directory, 'images.yaml')], (message) => logged.push(message));
});
after(() => rm(directory, { recursive: true }));

test('an exact reference wins over a pattern, and ./ is the folder of the file', () => {
  assert.deepEqual(images.find('example/app:v1')?.command, ['node', join(directory, 'images/app.ts')]);
  assert.deepEqual(images.find('example/app:v7')?.command, ['node', join(directory, 'images/other.ts')]);
});

test('the default registry and a digest make no difference', () => {
  assert.deepEqual(images.find('docker.io/example/app:v1@sha256:00')?.env, { APP_VERSION: 'v1' });
  assert.equal(canonicalReference('docker.io/library/redis'), 'redis:latest');
  assert.equal(canonicalReference('localhost:5000/a/b'), 'localhost:5000/a/b:latest');
});

test('any proxyv2 image is the mesh’s, whatever its registry', () => {
  assert.equal(images.find('registry.redhat.io/openshift-service-mesh/proxyv2-rhel8:2.0.7')?.proxy, true);
  assert.equal(images.find('docker.io/istio/proxyv2:1.20')?.proxy, true);
});

test('an image that no file lists is not found', () => {
  assert.equal(images.find('nobody/knows:1'), undefined);
});

test('an image of every sandbox has only the tags that its registry has', () => {
  for (const tag of [
    'redis',
    'redis:6',
    'redis:3.2.9',
    'redis:7.2.4-alpine3.19',
    'busybox:1.28',
    'alpine:3.20',
    'debian:bookworm-slim',
    'ubuntu:22.04',
    'fedora:40',
    'curlimages/curl:8.11.0',
    'registry.access.redhat.com/ubi9/ubi-minimal:9.4',
    'istio/proxyv2:1.20.8-distroless',
  ])
    assert.notEqual(images.find(tag), undefined, tag);
  for (const tag of [
    'redis:no-such-tag',
    'redis:99',
    'redis:7.9',
    'busybox:1.361',
    'alpine:33',
    'debian:woodworm',
    'ubuntu:22.05',
    'curlimages/curl:next',
    'istio/proxyv2:nonsense',
    'registry.redhat.io/openshift-service-mesh/pilot-rhel8:nonsense',
  ])
    assert.equal(images.find(tag), undefined, tag);
});

test('a tool image without an entry point runs the pod’s args', () => {
  const busybox = images.find('busybox:1.36');
  assert.deepEqual([busybox?.command, busybox?.args], [[], ['sh']]);
});

test('every image that an operator of the sandbox starts has a stand-in, by name', async () => {
  const openshift = join(import.meta.dirname, '../openshift');
  const used = new Set<string>();
  for await (const file of glob('**/*.{ts,yaml}', { cwd: openshift })) {
    // The images of the samples are not in the sandbox.
    if (file.endsWith('.test.ts') || file.endsWith('/samples.yaml')) continue;
    const text = await readFile(join(openshift, file), 'utf8');
    const names = text.replaceAll('${REGISTRY}', 'registry.redhat.io/openshift-service-mesh');
    for (const [name] of names.matchAll(/registry\.redhat\.io\/[\w-]+\/[\w-]+(?=:)/g)) used.add(name);
  }
  // The catalog's index is named in its source but never run.
  used.delete('registry.redhat.io/redhat/redhat-operator-index');
  assert.ok(used.size > 10, [...used].join(' '));
  const unknown = [...used].filter((name) => {
    const image = images.find(`${name}:1.2`);
    return image?.placeholder !== true && image?.proxy !== true;
  });
  assert.deepEqual(unknown, []);
});

test('no other image matches a stand-in, whatever its registry', () => {
  for (const reference of [
    'registry.redhat.io/openshift-service-mesh/something-else:1',
    'registry.redhat.io/rhel9/postgresql-15:latest',
    'registry.connect.redhat.com/company/operator:1',
    'quay.io/openshift/origin-cli:4.8',
    'quay.io/maistra/examples-bookinfo-productpage-v1:2.0',
    'redis/redis-stack:7',
    'example/sleeper:1',
    'example/pause-menu:1',
    'registry.access.redhat.com/ubi9/nodejs-20:1',
  ])
    assert.equal(images.find(reference), undefined, reference);
});

test('an edited file is used from the next look-up on, and while it is invalid the previous content is used', async () => {
  const file = join(directory, 'images.yaml');
  await writeFile(file, `${LAB}  - image: example/late:1\n    command: [node, ./images/late.ts]\n`);
  assert.deepEqual(images.find('example/late:1')?.command, ['node', join(directory, 'images/late.ts')]);
  await writeFile(file, 'images: [');
  assert.equal(images.find('example/late:1')?.command[0], 'node');
  assert.equal(logged.length, 1, 'said once');
  assert.match(logged[0] ?? '', /images\.yaml is not read/);
  await writeFile(file, LAB);
  assert.equal(images.find('example/late:1'), undefined);
});

test('a waiting image is tried again when a file is written or replaced', async () => {
  const file = join(directory, 'images.yaml');
  const changed = () => new Promise<void>((resolve) => images.onceChanged(resolve));
  const written = changed();
  await writeFile(file, `${LAB}  - image: example/second:1\n    command: [node]\n`);
  await written;
  assert.ok(images.find('example/second:1'));
  const replaced = changed();
  await writeFile(`${file}.new`, `${LAB}  - image: example/third:1\n    command: [node]\n`);
  await rename(`${file}.new`, file);
  await replaced;
  assert.ok(images.find('example/third:1'));
});
