/** The errors that clients of the host receive. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ApiError } from '../../kube/rest.ts';
import type { Session } from '../session.ts';
import { HostClient } from './client.ts';
import { serve } from './server.ts';
import { Sessions } from './sessions.ts';

/** Sessions that all fail with the given error. */
class Failing extends Sessions {
  readonly #error: unknown;
  constructor(error: unknown) {
    super('/nowhere', {});
    this.#error = error;
  }
  override session(): Promise<Session> {
    return Promise.reject(this.#error);
  }
}

async function told(error: unknown): Promise<unknown> {
  const directory = await mkdtemp(join(tmpdir(), 'lw-host-'));
  const server = await serve(join(directory, 'socket'), new Failing(error), () => undefined);
  const client = await HostClient.connect(join(directory, 'socket'));
  try {
    return await client.request('open', { project: 'firefox', lab: '/lab' }).catch((reason: unknown) => reason);
  } finally {
    client.close();
    server.close();
    await rm(directory, { recursive: true });
  }
}

test('an internal error of the host is reported as one, with its place', async () => {
  const mistake = new TypeError('x is not a function');
  const error = await told(mistake);
  assert.ok(error instanceof Error);
  assert.match(error.message, /^Labwright itself failed: TypeError: x is not a function \(at .*server\.test\.ts/);
  assert.match(error.message, /\(LW-INTERNAL\)$/);
});

test('a refusal by the cluster keeps the cluster’s message', async () => {
  const error = await told(new ApiError(403, 'Forbidden', 'leases is forbidden'));
  assert.ok(error instanceof Error);
  assert.equal(error.message, 'leases is forbidden  (LW-HOST)');
});
