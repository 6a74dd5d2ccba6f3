/** For tests: three nodes, with pods that run once bound and disappear once deleted. */
import type { Client } from '../client/client.ts';
import { ApiError } from '../client/client.ts';
import { now } from '../client/conditions.ts';
import { Informer } from '../client/informer.ts';
import { NODES, type Node, PODS, type Pod } from '../client/kinds.ts';

export interface FakeKubelet {
  stop(): Promise<void>;
}

export async function startFakeKubelet(client: Client): Promise<FakeKubelet> {
  for (const name of ['worker-0', 'worker-1', 'worker-2']) {
    const node: Node = {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name, labels: { 'kubernetes.io/hostname': name } },
    };
    await client.create(NODES, node);
  }
  let address = 0;
  const follow = async (pod: Pod): Promise<void> => {
    const { name, namespace, deletionTimestamp } = pod.metadata;
    if (deletionTimestamp !== undefined) await client.delete(PODS, name, namespace, { gracePeriodSeconds: 0 });
    else if (pod.status?.podIP === undefined) {
      address += 1;
      const podIP = `10.128.${address >> 8}.${address & 255}`;
      const status = {
        phase: 'Running',
        podIP,
        conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: now() }],
      };
      await client.patch(PODS, name, namespace, { status }, { subresource: 'status' });
    }
  };
  const pods = new Informer(client, PODS);
  const following = new Set<Promise<void>>();
  pods.onChange(({ type, object }) => {
    if (type === 'deleted' || !object.spec.nodeName) return;
    const one = follow(object)
      .catch((error) => {
        if (!(error instanceof ApiError)) throw error;
      })
      .finally(() => following.delete(one));
    following.add(one);
  });
  await pods.start();
  return {
    stop: async () => {
      await pods.stop();
      await Promise.all(following);
    },
  };
}

/**
 * Resolves when `probe` returns anything but undefined or false; rejects after `ms`. Polling is acceptable in tests. The
 * timeout is generous, because an operator's bundle takes seconds of processor time on a busy machine.
 */
export async function eventually<T>(
  what: string,
  probe: () => Promise<T | undefined | false>,
  ms = 60_000,
): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    const found = await probe();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > end) throw new Error(`${what}: not within ${ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
