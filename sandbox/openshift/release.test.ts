import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import test from 'node:test';
import { loadMeshFigures, loadRelease, versionsOf } from './release.ts';
import { stagesOf } from './servicemesh/charts/index.ts';

const names = (await readdir(new URL('./releases/', import.meta.url))).map((file) => file.replace('.yaml', ''));

test('every release offers only versions it describes, and readiness counts seen on real clusters', async () => {
  const counts: Record<string, number> = { '2.0': 9, '2.1': 10, '2.2': 10, '2.3': 9, '2.4': 9, '2.5': 9, '2.6': 9 };
  for (const name of names) {
    const release = await loadRelease(name);
    assert.equal(release.release, name);
    for (const one of release.packages) {
      assert.ok(one.defaultChannel in one.channels, `${name} ${one.name}`);
      for (const csv of Object.values(one.channels).flat()) assert.ok(csv in release.csvs, `${name} ${csv}`);
    }
    assert.equal(release.mesh && stagesOf({}, release.mesh).flat().length, counts[name], name);
    assert.ok((release.mesh === undefined) !== (release.sail === undefined), `${name} is of one generation`);
  }
  // In 2.6, the console's form for a control plane has no tracing.
  assert.equal(stagesOf({ tracing: { type: 'None' } }, await loadMeshFigures('2.6')).flat().length, 8);
});

test('Kubernetes and image tags follow the version of OpenShift', async () => {
  const expected = { '2.0': 'v1.21.0', '2.1': 'v1.22.0', '2.6': 'v1.29.0', '3.0': 'v1.32.0', '3.4': 'v1.34.0' };
  for (const [name, kubernetes] of Object.entries(expected))
    assert.equal(versionsOf(await loadRelease(name)).kubernetes, kubernetes);
  for (const name of names) {
    const release = await loadRelease(name);
    const { tag, minor } = versionsOf(release);
    assert.equal(release.openshift.channel, `stable-${tag.slice(1)}`, name);
    assert.equal(release.openshift.networkType, minor < 12 ? 'OpenShiftSDN' : 'OVNKubernetes', name);
    for (const image of Object.values(release.csvs).flatMap(({ containers }) => Object.values(containers)))
      if (image.includes('/openshift4/')) assert.ok(image.endsWith(`:${tag}`), `${name} ${image}`);
    if (release.sail !== undefined) assert.equal(release.sail.nativeSidecars, minor + 13 >= 33, name);
  }
});

test('an unknown release is refused with those there are', async () => {
  await assert.rejects(
    loadRelease('9.9'),
    /LW-SANDBOX-RELEASE: unknown release "9\.9"; the sandbox imitates 2\.0, 2\.1/,
  );
});
