import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge } from './tools.ts';

const said = (version: string): string => JSON.stringify({ clientVersion: { gitVersion: version } });

test('a client that is too old for the cluster is reported, the same version or newer is accepted', () => {
  assert.equal(judge('kubectl', said('v1.20.2'), 'v1.27.6+f67aeb3').level, 'warning');
  assert.equal(judge('kubectl', said('v1.26.0'), 'v1.27.6+f67aeb3').level, 'ok');
  assert.match(judge('kubectl', said('v1.32.4-dispatcher'), 'v1.21.11').what, /1\.32, the cluster runs 1\.21; newer/);
});

test('the version of the real oc is recognized', () => {
  const oc = JSON.stringify({ clientVersion: { gitVersion: 'v4.2.0-alpha.0' }, releaseClientVersion: '4.14.3' });
  assert.match(judge('oc', oc, 'v1.27.6').what, /oc 4\.14\.3 is for Kubernetes 1\.27/);
  assert.equal(judge('oc', oc, 'v1.30.1').level, 'warning');
});
