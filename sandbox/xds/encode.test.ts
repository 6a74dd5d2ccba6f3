import assert from 'node:assert/strict';
import test from 'node:test';
import { encodeAny, type Message } from './encode.ts';
import { protos } from './protos.ts';

/** What a proxy reads of a resource. */
function read(type: string, fields: Message): unknown {
  const { value } = encodeAny({ '@type': `type.googleapis.com/${type}`, ...fields });
  const known = protos().lookupType(type);
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

test('durations and wrapped numbers are read as they were meant', () => {
  const cluster = read('envoy.config.cluster.v3.Cluster', {
    connect_timeout: '1.25s',
    circuit_breakers: { thresholds: [{ max_connections: 7 }] },
  });
  assert.deepEqual(cluster, {
    connect_timeout: { seconds: 1, nanos: 250_000_000 },
    circuit_breakers: { thresholds: [{ max_connections: { value: 7 } }] },
  });
});
