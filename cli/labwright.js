#!/usr/bin/env node
/**
 * The command. Plain JavaScript, so that it can say what is missing on a machine that is not set up yet, and can move
 * on to the project's own Node 24 (which runs TypeScript) when the person's is older.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const OWN_NODE = join(ROOT, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
const MACHINE_NOT_FIT = 3;
const major = Number(process.versions.node.split('.')[0]);

if (!existsSync(join(ROOT, 'node_modules', 'commander'))) {
  console.error(
    'Labwright is not set up yet.\n  Next: node setup/index.js (or npm run certify, which begins with it)  (LW-SETUP)',
  );
  process.exitCode = MACHINE_NOT_FIT;
} else if (major >= 24) {
  await import('./main.ts');
} else if (existsSync(OWN_NODE)) {
  process.exitCode = await onOwnNode();
} else {
  console.error(`Labwright needs Node 24 or newer; this is ${process.version}.\n  Next: npm ci  (LW-NODE)`);
  process.exitCode = MACHINE_NOT_FIT;
}

/**
 * The other Node leads a process group of its own, so that a ctrl-C reaches it once, through us; the IPC channel tells it
 * when we are gone, however that came about.
 */
function onOwnNode() {
  const child = spawn(OWN_NODE, [import.meta.filename, ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    detached: true,
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => {
    child.on('error', (error) => {
      console.error(`${OWN_NODE} could not be started: ${error.message}  (LW-NODE)`);
      resolve(MACHINE_NOT_FIT);
    });
    child.on('exit', (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 0)));
  });
}
