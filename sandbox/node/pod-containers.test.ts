import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Images } from './images.ts';
import type { Pod } from './kinds.ts';
import { PodContainers } from './pod-containers.ts';

const pod = (ephemeral: readonly string[]): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'shop' },
  spec: {
    containers: [{ name: 'app', image: 'busybox' }],
    ephemeralContainers: ephemeral.map((name) => ({ name, image: 'busybox' })),
  },
});

test('each ephemeral container is started once, found by its name, and waits for nobody', async () => {
  const launched: string[] = [];
  const containers = new PodContainers(pod([]), {
    images: new Images([], () => undefined),
    host: {
      address: '10.128.0.9',
      hostNetwork: false,
      directory: '/nowhere',
      restartPolicy: 'Always',
      hasInit: true,
      plan: () => Promise.reject(new Error('nothing runs here')),
      event: () => undefined,
      changed: () => undefined,
    },
    intercepted: false,
    launch: (runner) => {
      launched.push(runner.container.name);
      return Promise.resolve();
    },
    change: () => Promise.resolve(),
    isEnding: () => false,
  });
  await containers.follow(pod(['look']));
  await containers.follow(pod(['look', 'again']));
  assert.deepEqual(launched, ['look', 'again']);
  assert.equal(containers.find('look')?.role, 'ephemeral');
  assert.deepEqual(
    containers.ephemeral.map(({ status }) => status.state.waiting?.reason),
    ['ContainerCreating', 'ContainerCreating'],
  );
});
