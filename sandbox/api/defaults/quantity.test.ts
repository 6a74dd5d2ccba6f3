import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalQuantity } from './quantity.ts';

test('quantities have one form', () => {
  const pairs = {
    '1000m': '1',
    '1024Mi': '1Gi',
    '0.5': '500m',
    2: '2',
    '100m': '100m',
    '1.5Gi': '1536Mi',
    '2000': '2k',
    '1e3': '1k',
    '0': '0',
    '64Mi': '64Mi',
    '1500m': '1500m',
    '100Mi': '100Mi',
    '3000000': '3M',
    '1.25': '1250m',
  };
  for (const [written, form] of Object.entries(pairs)) assert.equal(canonicalQuantity(written), form, written);
  assert.equal(canonicalQuantity('much'), 'much');
});
