import assert from 'node:assert/strict';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { execa } from 'execa';
import { startPressure } from '../../bench/disturbance.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const LAB = join(import.meta.dirname, '..', 'elsewhere', 'another-app', 'lab');
const REPORTS = join(ROOT, 'reports', 'scenarios', 'busy-machine');

test('a lab passes on a busy machine, with four busy processes per core', async () => {
  const busy = 4 * availableParallelism();
  const pressure = startPressure({ busy });
  try {
    const command = [join(ROOT, 'cli', 'labwright.js'), 'certify', LAB, '--browser', 'chromium', '--reports', REPORTS];
    const { exitCode, all } = await execa(process.execPath, command, { all: true, reject: false, cwd: ROOT });
    assert.equal(exitCode, 0, `at load ${loadavg()[0]}, ${busy} processes busy:\n${all}`);
    assert.match(all, /3 +The lock +.*passed/);
  } finally {
    pressure.stop();
  }
});
