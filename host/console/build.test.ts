import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { findConsoleBuild } from './build.ts';

const root = mkdtempSync(join(tmpdir(), 'lw-build-'));
after(() => rmSync(root, { recursive: true }));

function folder(name: string, files: Readonly<Record<string, number>>): string {
  for (const [file, mode] of Object.entries(files)) {
    const path = join(root, name, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, '');
    chmodSync(path, mode);
  }
  return join(root, name);
}

test('a console is found in a checkout and in the image’s layout', () => {
  const checkout = folder('checkout', { 'bin/bridge': 0o755, 'frontend/public/dist/index.html': 0o644 });
  assert.deepEqual(findConsoleBuild(checkout), {
    bridge: join(checkout, 'bin/bridge'),
    publicDirectory: join(checkout, 'frontend/public/dist'),
    workingDirectory: checkout,
  });
  const image = folder('image', {
    'opt/bridge/bin/bridge': 0o755,
    'opt/bridge/static/index.html': 0o644,
    'pkg/graphql/schema.graphql': 0o644,
  });
  assert.deepEqual(findConsoleBuild(join(image, 'opt/bridge')), {
    bridge: join(image, 'opt/bridge/bin/bridge'),
    publicDirectory: join(image, 'opt/bridge/static'),
    workingDirectory: image,
  });
  assert.equal(findConsoleBuild(''), undefined);
});

test('a folder that lacks one of the two is reported', () => {
  const none = folder('none', { 'bin/bridge': 0o644, 'static/index.html': 0o644 });
  assert.throws(() => findConsoleBuild(none), /no program bridge or bin\/bridge[\s\S]*\(LW-CONSOLE-BUILD\)/);
  const half = folder('half', { bridge: 0o755 });
  assert.throws(() => findConsoleBuild(half), /no index\.html in frontend\/public\/dist or static/);
});
