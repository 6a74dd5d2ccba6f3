import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { npmReason } from './npm.js';

const WANTED = {
  '': {},
  'node_modules/needed': { version: '1.0.0' },
  'node_modules/elsewhere': { version: '1.0.0', optional: true },
};

/** @param installed the content of node_modules' own lock file; none if undefined. */
function reasonWith(installed: object | undefined): string | undefined {
  const root = mkdtempSync(join(tmpdir(), 'labwright-setup-'));
  try {
    writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages: WANTED }));
    mkdirSync(join(root, 'node_modules'));
    if (installed !== undefined) {
      writeFileSync(join(root, 'node_modules', '.package-lock.json'), JSON.stringify({ packages: installed }));
    }
    return npmReason(root);
  } finally {
    rmSync(root, { recursive: true });
  }
}

test('npm packages are installed after an interrupted installation', () => {
  assert.equal(reasonWith(undefined), 'node_modules is missing');
});

test('npm packages are installed when one has another version', () => {
  assert.equal(reasonWith({ 'node_modules/needed': { version: '0.9.0' } }), 'node_modules/needed is not at 1.0.0');
});

test('npm packages are left alone if only optional ones are missing', () => {
  assert.equal(reasonWith({ 'node_modules/needed': { version: '1.0.0' } }), undefined);
});
