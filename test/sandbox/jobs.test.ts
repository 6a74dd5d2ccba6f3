import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startTestCluster, type TestCluster } from '../support/test-cluster.ts';

let cluster: TestCluster;
before(async () => {
  cluster = await startTestCluster('jobs');
});
after(() => cluster?.stop());

const job = (name: string, fields: string, command: string): string => `
apiVersion: batch/v1
kind: Job
metadata: { name: ${name} }
spec:
  ${fields}
  template:
    spec:
      restartPolicy: Never
      terminationGracePeriodSeconds: 0
      containers: [{ name: c, image: busybox, command: [sh, -c, '${command}'] }]
`;
const conditions = (name: string): Promise<string> =>
  cluster.kubectl('get', 'job', name, '-o', 'jsonpath={range .status.conditions[*]}{.type}:{.reason} {end}');

test('a Job runs as many pods as it needs, and kubectl waits for it and reads its log', async () => {
  await cluster.feed(job('sums', 'completions: 3\n  parallelism: 2', 'echo done'));
  await cluster.kubectl('wait', '--for=condition=Complete', 'job/sums', '--timeout=20s');
  assert.equal(await cluster.kubectl('logs', 'job/sums'), 'done');
  const status = await cluster.kubectl('get', 'job', 'sums', '--no-headers');
  assert.match(status, /^sums +Complete +3\/3 /);
  assert.equal(await conditions('sums'), 'SuccessCriteriaMet:CompletionsReached Complete:CompletionsReached');
});

test('an indexed Job tells each pod its index', async () => {
  await cluster.feed(
    job('parts', 'completions: 2\n  parallelism: 2\n  completionMode: Indexed', 'echo part $JOB_COMPLETION_INDEX'),
  );
  await cluster.kubectl('wait', '--for=condition=Complete', 'job/parts', '--timeout=20s');
  const log = await cluster.kubectl('logs', '-l', 'job-name=parts');
  assert.deepEqual(log.split('\n').sort(), ['part 0', 'part 1']);
  assert.equal(await cluster.kubectl('get', 'job', 'parts', '-o', 'jsonpath={.status.completedIndexes}'), '0,1');
});

test('a Job fails at its back-off limit and at its deadline, and says which', async () => {
  await cluster.feed(job('broken', 'backoffLimit: 0', 'exit 3'));
  await cluster.feed(job('slow', 'activeDeadlineSeconds: 1', 'exec sleep infinity'));
  await cluster.kubectl('wait', '--for=condition=Failed', 'job/broken', 'job/slow', '--timeout=20s');
  assert.equal(await conditions('broken'), 'FailureTarget:BackoffLimitExceeded Failed:BackoffLimitExceeded');
  assert.equal(await conditions('slow'), 'FailureTarget:DeadlineExceeded Failed:DeadlineExceeded');
  const events = await cluster.kubectl('get', 'events', '--field-selector', 'involvedObject.name=broken');
  assert.match(events, /BackoffLimitExceeded +job\/broken +Job has reached the specified backoff limit/);
});

test('a finished Job and its pods are deleted after its time to live', async () => {
  await cluster.feed(job('brief', 'ttlSecondsAfterFinished: 1', 'true'));
  await cluster.kubectl('wait', '--for=delete', 'job/brief', '--timeout=20s');
  await cluster.kubectl('wait', '--for=delete', 'pod', '-l', 'job-name=brief', '--timeout=20s');
});

test('a suspended Job has no pods until it is resumed', async () => {
  await cluster.feed(job('later', 'suspend: true', 'true'));
  await cluster.kubectl('wait', '--for=condition=Suspended', 'job/later', '--timeout=20s');
  assert.equal(await cluster.kubectl('get', 'pods', '-l', 'job-name=later', '-o', 'name'), '');
  await cluster.kubectl('patch', 'job', 'later', '-p', '{"spec":{"suspend":false}}');
  await cluster.kubectl('wait', '--for=condition=Complete', 'job/later', '--timeout=20s');
});

test('a Job made from a CronJob by hand runs; a schedule makes Jobs of its own', async () => {
  await cluster.kubectl(
    'create',
    'cronjob',
    'nightly',
    '--image=busybox',
    '--schedule=0 3 * * *',
    '--',
    'echo',
    'night',
  );
  await cluster.kubectl('create', 'job', 'now', '--from=cronjob/nightly');
  await cluster.kubectl('wait', '--for=condition=Complete', 'job/now', '--timeout=20s');
  // As if created a day ago, so that the missed run starts at once.
  const patch = `{"status":{"lastScheduleTime":"${new Date(Date.now() - 90_000_000).toISOString().slice(0, 19)}Z"}}`;
  await cluster.kubectl('patch', 'cronjob', 'nightly', '--subresource=status', '--type=merge', '-p', patch);
  await cluster.kubectl('wait', '--for=jsonpath={.status.lastSuccessfulTime}', 'cronjob/nightly', '--timeout=20s');
  assert.match(await cluster.kubectl('get', 'jobs', '-o', 'name'), /job.batch\/nightly-\d+/);
});
