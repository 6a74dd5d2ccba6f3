import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Position, TextExpectation } from '../model/lab.ts';
import { matchText } from './text.ts';

const at: Position = { file: '/lab/03.yaml', line: 7, column: 9 };

function unlike(sample: string, actual: string): string | undefined {
  return matchText({ kind: 'like', sample, at }, actual)?.message;
}

/** From the guide, as printed there: tabs between the columns. */
const PODS = `NAME	READY	STATUS	RESTARTS	AGE
guestbook-v1-98dd9c654-dz8dq	2/2	Running	0	30s
guestbook-v1-98dd9c654-mgfv6	2/2	Running	0	30s
redis-master-577bc6fbb-zh5v8	2/2	Running	0	4m47s
redis-slave-7779c6f75b-bshvs	2/2	Running	0	4m46s
redis-slave-7779c6f75b-nvsvd6	2/2	Running	0	4m46s
`;
const SEEN = `NAME                            READY   STATUS    RESTARTS   AGE
redis-slave-5d4f8c7b9d-q2w4x    2/2     Running   0          12s
guestbook-v1-6b7c8d9f5b-xk2lp   2/2     Running   0          3s
guestbook-v1-6b7c8d9f5b-7zhtr   2/2     Running   0          3s
redis-slave-5d4f8c7b9d-vvbbn    2/2     Running   0          12s
redis-master-6c9f4d5f8c-m2n4b   2/2     Running   0          13s
`;

test('pods match whatever their hashes, ages and order are', () => {
  assert.equal(unlike(PODS, SEEN), undefined);
});

test('a guide that prints ReplicaSet pods matches those of a Deployment', () => {
  const sample = 'NAME\tREADY\tSTATUS\tRESTARTS\tAGE\nredis-master-4sswq\t2/2\tRunning\t0\t5d\n';
  const seen =
    'NAME                           READY   STATUS    RESTARTS   AGE\nredis-master-577bc6fbb-zh5v8   2/2     Running   0          4m47s\n';
  assert.equal(unlike(sample, seen), undefined);
});

test('a pod that is not ready is reported by name, column and value', () => {
  const seen = SEEN.replace('redis-master-6c9f4d5f8c-m2n4b   2/2', 'redis-master-6c9f4d5f8c-m2n4b   1/2');
  assert.equal(unlike(PODS, seen), 'row redis-master-6c9f4d5f8c-m2n4b: READY is 1/2, not 2/2');
});

test('a missing pod and an extra pod are reported', () => {
  const lines = SEEN.trim().split('\n');
  assert.match(
    unlike(PODS, lines.slice(0, -1).join('\n')) ?? '',
    /^4 rows instead of 5: there is no row like redis-master/,
  );
  assert.match(
    unlike(PODS, `${SEEN}other-6c9f4d5f8c-m2n4b           2/2     Running   0          13s\n`) ?? '',
    /^6 rows instead of 5: other-/,
  );
});

test('another Deployment, another status and restarts don’t match the sample', () => {
  assert.ok(unlike(PODS, SEEN.replace('redis-master', 'redis-mister')));
  assert.ok(unlike(PODS, SEEN.replace('Running', 'Pending')));
  assert.ok(unlike(PODS, SEEN.replace('Running   0', 'Running   3')));
});

test('the time that newer clients add to restarts is ignored', () => {
  const sample = 'NAME   READY   STATUS    RESTARTS   AGE\nx-1    1/1     Running   2          5d\n';
  const seen = 'NAME   READY   STATUS    RESTARTS      AGE\nx-1    1/1     Running   2 (5m ago)    7d\n';
  assert.equal(unlike(sample, seen), undefined);
});

const SERVICES = `NAME	TYPE	CLUSTER-IP	EXTERNAL-IP	PORT(S)	AGE
guestbook	LoadBalancer	172.21.36.181	169.61.37.140	80:32149/TCP	5d
...
`;
const SERVICES_SEEN = `NAME           TYPE           CLUSTER-IP       EXTERNAL-IP   PORT(S)        AGE
guestbook      LoadBalancer   172.30.12.4      <pending>     80:30211/TCP   4s
redis-master   ClusterIP      172.30.200.17    <none>        6379/TCP       2m
redis-slave    ClusterIP      172.30.99.1      <none>        6379/TCP       2m
`;

test('`...` stands for any rows, addresses and node ports match by shape', () => {
  assert.equal(unlike(SERVICES, SERVICES_SEEN), undefined);
  assert.equal(unlike(SERVICES, SERVICES_SEEN.replace('<pending>', 'a1b2.elb.amazonaws.com')), undefined);
  assert.match(
    unlike(SERVICES, SERVICES_SEEN.replace('80:30211', '8080:30211')) ?? '',
    /PORT\(S\) is 8080:30211\/TCP, not 80:32149\/TCP/,
  );
  assert.match(unlike(SERVICES, SERVICES_SEEN.replace('<pending>', '<none>')) ?? '', /EXTERNAL-IP is <none>/);
  assert.match(
    unlike(SERVICES, SERVICES_SEEN.replace('LoadBalancer  ', 'ClusterIP     ')) ?? '',
    /TYPE is ClusterIP, not LoadBalancer/,
  );
  assert.ok(unlike(SERVICES.replace('...\n', ''), SERVICES_SEEN));
});

test('a missing and an extra column are reported', () => {
  const smcp =
    'NAME\tREADY\tSTATUS\tPROFILES\tVERSION\tAGE\nbasic\t9/9\tComponentsReady\t["default"]\t2.0.7.1\t3m19s\n';
  const seen =
    'NAME    READY   STATUS            PROFILES      VERSION   AGE\nbasic   9/9     ComponentsReady   ["default"]   2.0.7.1   7s\n';
  assert.equal(unlike(smcp, seen), undefined);
  assert.equal(unlike(smcp, seen.replace('9/9', '5/9')), 'row basic: READY is 5/9, not 9/9');
  assert.equal(unlike(smcp, seen.replace('2.0.7.1', '2.0.7.2')), 'row basic: VERSION is 2.0.7.2, not 2.0.7.1');
  assert.equal(
    unlike(smcp, 'NAME    READY   STATUS   AGE\nbasic   9/9     x        7s\n'),
    'column PROFILES, VERSION is missing',
  );
});

test('an empty cell is recognized by its position under the header', () => {
  const sample = 'NAME    HOST/PORT   PATH   SERVICES   AGE\nroute   a.b.c              web        5d\n';
  assert.equal(unlike(sample, sample.replace('5d', '9s')), undefined);
  assert.ok(unlike(sample, 'NAME    HOST/PORT   PATH   SERVICES   AGE\nroute   a.b.c       /x     web        5d\n'));
});

test('empty output, and prose instead of a table, are reported', () => {
  assert.equal(unlike(PODS, ''), 'nothing was printed');
  assert.match(
    unlike(PODS, 'No resources found in guestbook namespace.\n') ?? '',
    /^no table with the columns NAME, READY/,
  );
});

test('warnings above a table are ignored', () => {
  assert.equal(unlike(PODS, `Warning: something is deprecated\n${SEEN}`), undefined);
});

test('a prompt in the sample is not output, and a Route host matches on any domain', () => {
  const sample = `odrodrig@cloudshell:~/guestbook/v2$ echo $GUESTBOOK_ROUTE
guestbook-guestbook-gateway-525eca1d5089dbdc-istio-system.citi-workshop-053.au-syd.containers.appdomain.cloud
odrodrig@cloudshell:~/guestbook/v2$
`;
  assert.equal(unlike(sample, 'guestbook-guestbook-gateway-525eca1d5089dbdc-istio-system.apps.lab.test\n'), undefined);
  assert.match(unlike(sample, 'console-openshift.apps.lab.test\n') ?? '', /there is no line like/);
});

test('prose is compared line by line, `...` stands for any lines', () => {
  assert.equal(unlike('a: 1\n...\nz: 2\n', 'a: 1\nb\nc\nz: 2\n'), undefined);
  assert.match(unlike('a: 1\nz: 2\n', 'a: 1\nb\nz: 2\n') ?? '', /the line "b" is not in the sample/);
  assert.match(unlike('a: 1\nz: 2\n', 'a: 1\n') ?? '', /there is no line like "z: 2"/);
  assert.match(unlike('a\nb\n', 'b\na\n') ?? '', /another order/);
});

test('many `...` do not make the comparison slow', () => {
  const sample = Array.from({ length: 40 }, () => '...\nx').join('\n');
  assert.ok(unlike(sample, `${'x\n'.repeat(300)}y`));
});

test('names that look generated don’t match each other', () => {
  assert.ok(unlike('NAME   AGE\nguestbook-v1   5d\n', 'NAME   AGE\nguestbook-v2   5d\n'));
  assert.ok(unlike('NAME   AGE\nredis-master   5d\n', 'NAME   AGE\nredis-slave   5d\n'));
});

function expectation(
  partial: { kind: 'contains' | 'equals'; text: string } | { kind: 'pattern'; pattern: string },
): TextExpectation {
  return { ...partial, at };
}

test('contains, equals and patterns report what was expected and what was seen', () => {
  assert.equal(matchText(expectation({ kind: 'contains', text: 'created' }), 'x created\n'), undefined);
  const mismatch = matchText(expectation({ kind: 'contains', text: 'created' }), 'x configured\n');
  assert.deepEqual(mismatch, { message: '"created" was not found', expected: 'created', actual: 'x configured', at });
  assert.equal(matchText(expectation({ kind: 'equals', text: 'a' }), ' a\n'), undefined);
  assert.match(matchText(expectation({ kind: 'equals', text: 'a' }), 'b')?.message ?? '', /"b" instead of "a"/);
  assert.equal(matchText(expectation({ kind: 'pattern', pattern: '^v[12]$' }), 'x\nv2\n'), undefined);
  assert.match(matchText(expectation({ kind: 'pattern', pattern: '^v[12]$' }), 'v3')?.message ?? '', /nothing matches/);
});

test('two long lines are shown from shortly before the place where they differ', () => {
  const line = (image: string): string => `web 3 ${'"padding",'.repeat(20)}"image":"${image}"${',"more"'.repeat(20)}`;
  const wanted = expectation({ kind: 'equals', text: `first\n${line('web:v1')}` });
  const { message = '' } = matchText(wanted, `first\n${line('web:v2')}`) ?? {};
  assert.match(message, /^line 2 is "….{0,60}"image":"web:v2".*" instead of "….{0,60}"image":"web:v1"/);
  assert.match(matchText(wanted, 'first')?.message ?? '', /^line 2 is missing instead of "web 3/);
});

test('a table row is found by its cells; a wrong cell and a wrong count are reported', () => {
  const table = (cells: Record<string, string>, count?: number): TextExpectation => ({
    kind: 'table',
    at,
    rows: [{ cells, at, ...(count === undefined ? {} : { count }) }],
  });
  assert.equal(matchText(table({ NAME: '/^redis-slave-/', READY: '2/2' }, 2), SEEN), undefined);
  assert.match(
    matchText(table({ NAME: '/^redis-/' }, 2), SEEN)?.message ?? '',
    /^3 rows with NAME \/\^redis-\/ instead of 2$/,
  );
  assert.match(
    matchText(table({ NAME: '/^redis-master/', READY: '9/9' }), SEEN)?.message ?? '',
    /READY is 2\/2, not 9\/9/,
  );
  assert.match(matchText(table({ NAMES: 'x' }), SEEN)?.message ?? '', /no column NAMES.*did you mean NAME\?/);
  assert.match(
    matchText(table({ NAME: 'x' }), 'No resources found\n')?.message ?? '',
    /"No resources found" is not a table/,
  );
  assert.equal(matchText(table({ NAME: 'x' }, 0), 'No resources found\n'), undefined);
});

test('a sample with several tables, as oc get all prints them, is compared table by table', () => {
  const all = (ready: string, more = '') =>
    `NAME              READY   STATUS    RESTARTS   AGE\npod/shop-7f4b9c5d-x7k2p   ${ready}     Running   0          5s\n\nNAME           TYPE        CLUSTER-IP      EXTERNAL-IP   PORT(S)   AGE\nservice/shop   ClusterIP   172.30.12.7     <none>        80/TCP    5s\n${more}`;
  const like = (actual: string) =>
    matchText({ kind: 'like', sample: all('1/1'), at: { file: '/a.yaml', line: 1, column: 1 } }, actual);
  assert.equal(like(all('1/1').replaceAll('5s', '3m').replace('172.30.12.7', '172.30.99.1')), undefined);
  assert.match(like(all('0/1'))?.message ?? '', /READY is 0\/1, not 1\/1/);
  assert.match(like(all('1/1').split('\n\n')[0] ?? '')?.message ?? '', /no table with the columns NAME, TYPE/);
  assert.match(
    like(all('1/1', '\nNAME   DESIRED   CURRENT\nrs/shop   1   1\n'))?.message ?? '',
    /NAME, DESIRED, CURRENT is not in the sample/,
  );
});
