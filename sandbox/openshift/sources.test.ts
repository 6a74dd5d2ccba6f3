import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import test from 'node:test';
import { loadRelease } from './release.ts';
import { figuresOf } from './sources.ts';

const names = (await readdir(new URL('./releases/', import.meta.url))).map((file) => file.replace('.yaml', ''));

test('every value of every release says where it comes from, or that it is assumed', async () => {
  for (const name of names) {
    const figures = figuresOf(await loadRelease(name));
    assert.ok(figures.length > 20, name);
    // The patch version of OpenShift was not recorded, so it is always an assumption.
    const version = figures.find(({ path }) => path.join('/') === 'openshift/version');
    assert.equal(version?.basis, 'assumed', name);
  }
});

test('a value without a source is refused, and so is a source without a value, or with two bases', async () => {
  const release = await loadRelease('2.0');
  const { 'openshift/version': _, ...less } = release.sources;
  assert.throws(() => figuresOf({ ...release, sources: less }), /no source for openshift\/version/);
  const idle = { ...release.sources, 'mesh/nothing': { assumed: 'x' } };
  assert.throws(() => figuresOf({ ...release, sources: idle }), /without a figure of their own: mesh\/nothing/);
  const two = { ...release.sources, 'openshift/version': { assumed: 'x', cluster: 'y' } };
  assert.throws(() => figuresOf({ ...release, sources: two }), /one of cluster, source, document, assumed/);
});

test('the most specific path applies: one with the name before one with a star', async () => {
  const release = await loadRelease('2.0');
  const figures = figuresOf(release);
  const basis = (...path: string[]) => figures.find((one) => one.path.join('/') === path.join('/'))?.basis;
  assert.equal(basis('csvs', 'servicemeshoperator.v2.0.7.1', 'version'), 'source');
  assert.equal(basis('csvs', 'kiali-operator.v1.24.8', 'version'), 'assumed');
});
