import assert from 'node:assert/strict';
import { test } from 'node:test';
import protobuf from 'protobufjs';
import { deleteOptionsOf, metadataOf, withIdentity } from './protobuf.ts';

/** `k8s\0`, then runtime.Unknown with the object in field 2. */
const enveloped = (object: Uint8Array) =>
  Buffer.concat([
    Buffer.from('k8s\0'),
    new protobuf.Writer().uint32(10).bytes(Buffer.alloc(3)).uint32(18).bytes(object).finish(),
  ]);
const pair = (key: string, value: string) =>
  new protobuf.Writer().uint32(10).string(key).uint32(18).string(value).finish();

const metadata = new protobuf.Writer()
  .uint32(10)
  .string('prices')
  .uint32(26)
  .string('shop')
  .uint32(90)
  .bytes(pair('a', 'b'))
  .finish();
const body = enveloped(new protobuf.Writer().uint32(10).bytes(metadata).uint32(18).bytes(pair('tea', '2')).finish());

test('the metadata of a binary object is found', () => {
  assert.deepEqual(metadataOf(body), { name: 'prices', namespace: 'shop', labels: { a: 'b' } });
  assert.equal(metadataOf(Buffer.from('{}')), undefined);
  assert.equal(metadataOf(Buffer.from('k8s\0\xff\xff\xff', 'latin1')), undefined);
});

test('binding an object to a UID changes nothing else', () => {
  const bound = withIdentity(body, 'u-1', '7');
  assert.deepEqual(metadataOf(bound), metadataOf(body));
  assert.ok(bound.includes('u-1') && bound.includes('tea'));
  assert.deepEqual(withIdentity(Buffer.from('{}'), 'u-1'), Buffer.from('{}'));
});

test('deletion options are parsed', () => {
  const preconditions = new protobuf.Writer().uint32(10).string('u-1').finish();
  const options = new protobuf.Writer()
    .uint32(8)
    .int64(0)
    .uint32(18)
    .bytes(preconditions)
    .uint32(34)
    .string('Orphan')
    .finish();
  assert.deepEqual(deleteOptionsOf(enveloped(options)), {
    gracePeriodSeconds: 0,
    preconditions: { uid: 'u-1' },
    propagationPolicy: 'Orphan',
  });
});
