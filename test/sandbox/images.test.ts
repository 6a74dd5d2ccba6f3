/** A pod whose image is in no `images.yaml`, until somebody adds it. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { execa } from 'execa';
import { type Sandbox, startSandbox } from '../../sandbox/index.ts';
import { kubectlFlags } from '../support/kubectl.ts';

let directory: string;
let file: string;
let sandbox: Sandbox;

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lw-images-'));
  file = join(directory, 'images.yaml');
  await writeFile(file, 'images: []\n');
  sandbox = await startSandbox({ name: 'images', images: [file] });
});
after(async () => {
  await sandbox?.stop();
  await rm(directory, { recursive: true, force: true });
});

function kubectl(...args: readonly string[]) {
  return execa('kubectl', [...kubectlFlags(sandbox.kubeconfig), '-n', 'default', ...args]);
}

test('a pod that waits for its image starts when the image is added to images.yaml', async () => {
  await kubectl('run', 'late', '--image=example/late:1');
  await kubectl('wait', 'pod/late', '--for=jsonpath={.status.containerStatuses[0].state.waiting.reason}=ErrImagePull');
  await writeFile(file, 'images:\n  - image: example/late:1\n    command: [sh, -c, "echo here I am; sleep 600"]\n');
  await kubectl('wait', 'pod/late', '--for=condition=Ready', '--timeout=20s');
  assert.equal((await kubectl('logs', 'late')).stdout, 'here I am');
});
