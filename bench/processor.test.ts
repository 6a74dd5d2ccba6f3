import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { ProcessorClock } from './processor.ts';

/** Computes for a while and prints the processor time that the kernel counted. */
const BUSY =
  'let x = 0; for (let i = 0; i < 2e8; i += 1) x += i; const { user, system } = process.cpuUsage(); console.log((user + system) / 1e6)';

test('what a shell’s children used is counted once, and is what the kernel says', async () => {
  // The shell continues after its child, so the child's time is seen first as its own and then as the shell's.
  const child = spawn('sh', ['-c', `"${process.execPath}" -e '${BUSY}'; sleep 0.3; :`], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const clock = new ProcessorClock(child.pid ?? 0);
  const used = Number(await text(child.stdout));
  const total = [...clock.stop().values()].reduce((sum, seconds) => sum + seconds, 0);
  assert.ok(used > 0.2, `${used} s are enough to be told from nothing`);
  assert.ok(total >= used * 0.9 && total <= used * 1.2 + 0.2, `counted ${total} s, the kernel says ${used} s`);
});
