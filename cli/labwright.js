#!/usr/bin/env node
/**
 * The command. Plain JavaScript, so that it can report what is missing before setup, and can restart on the project's own Node 24
 * (which runs TypeScript) if the user's Node is older.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { constants } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const OWN_NODE = join(ROOT, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
const MACHINE_NOT_FIT = 3;
const major = Number(process.versions.node.split('.')[0]);

if (!existsSync(join(ROOT, 'node_modules', 'commander'))) {
  console.error(
    'Labwright is not set up yet.\n  Next: node setup/index.js (or npm run certify, which does so first)  (LW-SETUP)',
  );
  process.exitCode = MACHINE_NOT_FIT;
} else if (major >= 24) {
  // What this command starts (Playwright, its workers, the host, sandboxes) compiles the same modules: once for all of them.
  process.env.NODE_COMPILE_CACHE ??= join(ROOT, '.labwright', 'compile-cache');
  module.enableCompileCache?.(process.env.NODE_COMPILE_CACHE);
  await import('./main.ts');
} else if (existsSync(OWN_NODE)) {
  process.exitCode = await onOwnNode();
} else {
  console.error(`Labwright needs Node 24 or newer; this is ${process.version}.\n  Next: npm ci  (LW-NODE)`);
  process.exitCode = MACHINE_NOT_FIT;
}

/**
 * The other Node leads its own process group, so that ctrl-C reaches it once, through this process. It notices over the IPC channel
 * when this process is gone, for whatever reason.
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
