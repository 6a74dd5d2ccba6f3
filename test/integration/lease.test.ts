/** One run at a time on a cluster, checked with a real API server. */
import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { test } from 'node:test';
import { thisProcess } from '../../guard/holder.ts';
import { ClusterLease } from '../../guard/lease.ts';
import { Connection } from '../../kube/connection.ts';
import { Rest } from '../../kube/rest.ts';
import { TestCluster } from '../support/cluster.ts';

const LEASE = '/apis/coordination.k8s.io/v1/namespaces/default/leases/labwright';
const of = (id: string) => ({ id, lab: 'a-lab', holder: `${id}@desk` });

async function withRest(work: (rest: Rest, cluster: TestCluster) => Promise<void>): Promise<void> {
  await using cluster = await TestCluster.start();
  const connection = await Connection.open(cluster.kubeconfig);
  try {
    await work(new Rest(connection), cluster);
  } finally {
    connection.close();
  }
}

test('if ten runs race for a cluster, exactly one gets it, and the others are told which', async () => {
  await withRest(async (rest) => {
    const racers = Array.from({ length: 10 }, (_, index) => of(`racer-${index}`));
    const ended = await Promise.allSettled(
      racers.map((run) => ClusterLease.acquire({ rest, namespace: 'default', run })),
    );
    const won = ended.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    assert.equal(won.length, 1);
    const winner = racers[ended.findIndex(({ status }) => status === 'fulfilled')]?.id ?? '';
    for (const one of ended) {
      if (one.status === 'fulfilled') continue;
      assert.equal(one.reason.code, 'LW-CLUSTER-HELD');
      assert.match(one.reason.message, new RegExp(`run ${winner} of ${winner}@desk, which plays a-lab, since 20`));
    }
    await won[0]?.release();
    await assert.rejects(rest.json('GET', LEASE), { code: 404 });
  });
});

test('an expired Lease is taken over by exactly one run', async () => {
  await withRest(async (rest, cluster) => {
    const long = new Date(Date.now() - 3_600_000).toISOString().replace('Z', '000Z');
    await cluster.send('POST', LEASE.replace('/labwright', ''), {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: {
        name: 'labwright',
        annotations: { 'labwright.dev/run': 'dead', 'labwright.dev/process': 'elsewhere/1' },
      },
      spec: { holderIdentity: 'ghost@elsewhere dead', leaseDurationSeconds: 60, acquireTime: long, renewTime: long },
    });
    const ended = await Promise.allSettled(
      ['a', 'b', 'c'].map((id) => ClusterLease.acquire({ rest, namespace: 'default', run: of(id) })),
    );
    const won = ended.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    assert.equal(won.length, 1);
    await won[0]?.release();
  });
});

/** A Lease that `holder` has just renewed. */
async function heldBy(cluster: TestCluster, holder: string): Promise<void> {
  const now = new Date().toISOString().replace('Z', '000Z');
  await cluster.send('POST', LEASE.replace('/labwright', ''), {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: {
      name: 'labwright',
      annotations: { 'labwright.dev/run': 'theirs', 'labwright.dev/lab': 'a-lab', 'labwright.dev/process': holder },
    },
    spec: { holderIdentity: 'eve@desk theirs', leaseDurationSeconds: 60, acquireTime: now, renewTime: now },
  });
}

test('a live run of another machine with the same host name keeps the cluster, whatever runs under its process id here', async () => {
  const another = { ...thisProcess(), boot: 'b5a7', instance: 'another' };
  const holders = [
    `${hostname()}/999999999`,
    JSON.stringify({ ...another, pid: 999999999 }),
    JSON.stringify({ ...another, pid: process.pid }),
    JSON.stringify({ ...another, pid: 999999999, machine: undefined, boot: undefined }),
    JSON.stringify({ ...thisProcess(), instance: 'another', pid: 999999999, pidNamespace: 'pid:[7]' }),
  ];
  for (const holder of holders)
    await withRest(async (rest, cluster) => {
      await heldBy(cluster, holder);
      const taking = ClusterLease.acquire({ rest, namespace: 'default', run: of('mine') });
      await assert.rejects(taking, { code: 'LW-CLUSTER-HELD' }, holder);
    });
});

test('the cluster of a run on this machine is free as soon as its process is gone', async () => {
  await withRest(async (rest, cluster) => {
    await heldBy(cluster, JSON.stringify({ ...thisProcess(), instance: 'another', pid: 999999999 }));
    const lease = await ClusterLease.acquire({ rest, namespace: 'default', run: of('mine') });
    assert.equal(lease.holds, true);
    await lease.release();
  });
});

test('a run learns when another process has taken its Lease over to clean up after it', async () => {
  await withRest(async (rest, cluster) => {
    const lease = await ClusterLease.acquire({ rest, namespace: 'default', run: of('first'), durationSeconds: 2 });
    const cleaner = JSON.stringify({ ...thisProcess(), instance: 'another' });
    await cluster.send('PATCH', LEASE, { metadata: { annotations: { 'labwright.dev/process': cleaner } } });
    await assert.rejects(lease.lost, { code: 'LW-LEASE-LOST' });
    assert.equal(lease.holds, false);
    await lease.release();
  });
});

test('a holder renews in time, and is told when another run has taken the cluster', async () => {
  await withRest(async (rest, cluster) => {
    const lease = await ClusterLease.acquire({ rest, namespace: 'default', run: of('first'), durationSeconds: 2 });
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    assert.equal(lease.holds, true);
    await assert.rejects(ClusterLease.acquire({ rest, namespace: 'default', run: of('second') }), {
      code: 'LW-CLUSTER-HELD',
    });
    // As an administrator might do.
    await cluster.send('PATCH', LEASE, { metadata: { annotations: { 'labwright.dev/run': 'second' } } });
    await assert.rejects(lease.lost, { code: 'LW-LEASE-LOST' });
    assert.equal(lease.holds, false);
    await lease.release();
    assert.ok(await rest.json('GET', LEASE), 'it is left alone');
  });
});
