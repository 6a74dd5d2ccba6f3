import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadRelease } from '../release.ts';
import { nameTaken } from './conditions.ts';

const made = (kind: string, creationTimestamp: string) => ({
  apiVersion: 'sailoperator.io/v1',
  kind,
  metadata: { name: 'prod', uid: kind, creationTimestamp },
});
const revision = made('IstioRevision', '2026-01-01T00:00:00Z');
const tag = made('IstioRevisionTag', '2026-01-01T00:00:01Z');

/** What the operator of a release says of the tag, and of the revision that is older. */
async function saidOn(release: string): Promise<readonly (string | undefined)[]> {
  const { sail } = await loadRelease(release);
  assert.ok(sail !== undefined);
  return [nameTaken(tag, revision, 'IstioRevision', sail), nameTaken(revision, tag, 'IstioRevisionTag', sail)].map(
    (trouble) => trouble && `${trouble.reason}: ${trouble.message}`,
  );
}

test('of a revision and a tag of one name the older one keeps it', async () => {
  for (const release of ['3.1', '3.3', '3.4'])
    assert.deepEqual(await saidOn(release), ['NameAlreadyExists: an IstioRevision exists with this name', undefined]);
});

test('the operators of 3.0 and 3.2 refuse both', async () => {
  for (const release of ['3.0', '3.2'])
    assert.deepEqual(await saidOn(release), [
      'NameAlreadyExists: there is an IstioRevision with this name',
      'ReconcileError: error reconciling resource: validation error: an IstioRevisionTag exists with this name',
    ]);
});
