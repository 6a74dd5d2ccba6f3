import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonValue, Position } from '../model/lab.ts';
import { celProblem, matchObject } from './object.ts';

const at: Position = { file: '/lab/02.yaml', line: 1, column: 1 };
const pod = {
  kind: 'Pod',
  metadata: { name: 'x', annotations: { 'sidecar.istio.io/status': '{"containers":["istio-proxy"]}' } },
  spec: {
    containers: [
      { name: 'app', image: 'a' },
      { name: 'istio-proxy', image: 'p' },
    ],
  },
  status: { phase: 'Running', restarts: 0, ready: true },
};

const subset = (value: JsonValue) => matchObject({ kind: 'subset', subset: value, at }, pod);
const cel = (expression: string) => matchObject({ kind: 'cel', expression, at }, pod);

test('a subset matches whatever else the object has, with list items in any order', () => {
  assert.equal(
    subset({ status: { phase: 'Running' }, spec: { containers: [{ name: 'istio-proxy' }, { name: 'app' }] } }),
    undefined,
  );
});

test('a difference is reported by path, with both values', () => {
  assert.equal(subset({ status: { phase: 'Pending' } })?.message, 'status.phase is "Running", not "Pending"');
  assert.equal(subset({ status: { missing: 1 } })?.message, 'status.missing is missing, not 1');
  assert.equal(
    subset({ spec: { containers: [{ name: 'app', image: 'b' }] } })?.message,
    'spec.containers[0].image is "a", not "b"',
  );
  assert.match(
    subset({ spec: { containers: [{ name: 'nobody' }] } })?.message ?? '',
    /spec\.containers is .* not a list with \{"name":"nobody"\}/,
  );
});

test('each expected item needs a different item of the list', () => {
  assert.ok(subset({ spec: { containers: [{ name: 'app' }, { name: 'app' }] } }));
});

test('types are not converted, except for patterns', () => {
  assert.ok(subset({ status: { restarts: '0' } }));
  assert.ok(subset({ status: { ready: 'true' } }));
  assert.equal(
    subset({
      status: { restarts: '/^0$/' },
      metadata: { annotations: { 'sidecar.istio.io/status': '/istio-proxy/' } },
    }),
    undefined,
  );
  assert.equal(
    subset({ metadata: { annotations: { 'sidecar.istio.io/status': 'x' } } })?.message.startsWith(
      'metadata.annotations["sidecar.istio.io/status"] is',
    ),
    true,
  );
});

test('CEL sees the object, with whole numbers as integers', () => {
  assert.equal(cel("object.status.phase == 'Running' && object.status.restarts == 0"), undefined);
  assert.equal(cel('object.spec.containers.size() == 2'), undefined);
  assert.equal(cel("object.spec.containers.exists(c, c.name == 'istio-proxy')"), undefined);
  assert.equal(cel('object.status.restarts > 0')?.message, '`object.status.restarts > 0` is false');
  assert.match(cel('object.status.nothing.here == 1')?.message ?? '', /can't be evaluated yet/);
  assert.equal(cel('has(object.status.phase)'), undefined);
});

test('an invalid expression is detected before the run', () => {
  assert.equal(celProblem('object.status.x == 1'), undefined);
  assert.match(celProblem('object.status.x ==') ?? '', /./);
  assert.match(celProblem('objekt.status') ?? '', /objekt/);
  assert.match(celProblem('"text"') ?? '', /string/);
});

test('a native sidecar counts among the containers, other init containers don’t', () => {
  const wanted = { spec: { containers: [{ name: 'shop' }, { name: 'istio-proxy' }] } };
  const expectation = { kind: 'subset', subset: wanted, at } as const;
  const pod = (init: object) => ({ kind: 'Pod', spec: { containers: [{ name: 'shop' }], initContainers: [init] } });
  assert.equal(matchObject(expectation, pod({ name: 'istio-proxy', restartPolicy: 'Always' })), undefined);
  assert.match(matchObject(expectation, pod({ name: 'istio-proxy' }))?.message ?? '', /istio-proxy/);
  assert.match(
    matchObject(expectation, { ...pod({ name: 'istio-proxy', restartPolicy: 'Always' }), kind: 'Other' })?.message ??
      '',
    /istio-proxy/,
  );
});
