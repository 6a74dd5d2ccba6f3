import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { missingEntries } from './complete-lock.js';

test('the lock file has every optional package, so that npm ci accepts it with any registry', () => {
  const lock = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'package-lock.json'), 'utf8'));
  assert.deepEqual([...missingEntries(lock).keys()], [], 'run: node setup/complete-lock.js');
});

test('a package for another platform that has no entry is found', () => {
  const lock = {
    packages: {
      '': {},
      'node_modules/tool': { optionalDependencies: { '@tool/linux-x64': '1.0.0', '@tool/win32-x64': '1.0.0' } },
      'node_modules/@tool/linux-x64': { version: '1.0.0' },
    },
  };
  assert.deepEqual([...missingEntries(lock)], [['node_modules/@tool/win32-x64', { version: '1.0.0' }]]);
});
