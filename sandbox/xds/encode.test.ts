import assert from 'node:assert/strict';
import test from 'node:test';
import { encodeAny, type Message } from './encode.ts';
import { messageType } from './protos.ts';

/** A resource as a proxy decodes it. */
function read(type: string, fields: Message): unknown {
  const { value } = encodeAny({ '@type': `type.googleapis.com/${type}`, ...fields });
  const known = messageType(type);
  return known.toObject(known.decode(value), { longs: Number });
}

test('structs keep their values: a label that arrives empty would match every other empty one', () => {
  const filter_metadata = { m: { text: 'istio', number: 2, on: true, list: ['a'], deep: { b: 'c' }, none: null } };
  assert.deepEqual(read('envoy.config.core.v3.Metadata', { filter_metadata }), {
    filter_metadata: {
      m: {
        fields: {
          text: { stringValue: 'istio' },
          number: { numberValue: 2 },
          on: { boolValue: true },
          list: { listValue: { values: [{ stringValue: 'a' }] } },
          deep: { structValue: { fields: { b: { stringValue: 'c' } } } },
          none: { nullValue: 0 },
        },
      },
    },
  });
});

test('durations and wrapped numbers are decoded correctly', () => {
  const cluster = read('envoy.config.cluster.v3.Cluster', {
    connect_timeout: '1.25s',
    circuit_breakers: { thresholds: [{ max_connections: 7 }] },
  });
  assert.deepEqual(cluster, {
    connect_timeout: { seconds: 1, nanos: 250_000_000 },
    circuit_breakers: { thresholds: [{ max_connections: { value: 7 } }] },
  });
});

test('types of all of Envoy are known by their names, in any order', () => {
  const value = encodeAny({
    '@type': 'type.googleapis.com/envoy.extensions.filters.http.header_mutation.v3.HeaderMutation',
    mutations: { response_mutations: [{ append: { header: { key: 'x-mark', value: 'yes' } } }] },
  });
  assert.match(Buffer.from(value.value).toString('latin1'), /x-mark.*yes/s);
  assert.throws(() => messageType('envoy.config.cluster.v3.Nothing'), /no such type/);
  assert.throws(() => messageType('envoy.nothing.v3.Nothing'), /no such package: envoy\.nothing\.v3/);
});
