import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Observation } from '../model/evidence.ts';
import { assumedIn, figureSourcesOf } from './figure-sources.ts';

const printed = (stdout: string): Observation => ({
  ...{ kind: 'command', command: 'oc version', exit: 0, stderr: '', directory: '.', attempts: 1 },
  stdout,
});

test('every figure of a release has a source, and a release that is not imitated has no figures', async () => {
  const sources = await figureSourcesOf('2.0');
  assert.ok(sources.some(({ basis }) => basis === 'assumed') && sources.some(({ basis }) => basis === 'cluster'));
  assert.ok(sources.every(({ figures, text }) => figures.length > 0 && text !== ''));
  assert.deepEqual(await figureSourcesOf('of-nobody'), []);
});

test('a step depends on an assumed figure if its value appears in the observations as a whole word', () => {
  const figures = [
    { name: 'openshift/version', value: '4.8.5' },
    { name: 'mesh/cni', value: 'none' },
  ];
  const sources = [
    { basis: 'assumed' as const, text: 'a late patch', figures },
    { basis: 'document' as const, text: 'release notes', figures: [{ name: 'mesh/version', value: '2.0.7' }] },
  ];
  const found = (stdout: string) => assumedIn([printed(stdout)], sources);
  assert.deepEqual(found('Server Version: 4.8.5\n'), ['openshift/version is 4.8.5, assumed: a late patch']);
  for (const other of ['4.8.57', '14.8.5', '4.8.5.1', 'none 2.0.7', '']) assert.deepEqual(found(other), [], other);
});
