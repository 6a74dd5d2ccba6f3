/** A sandbox that loses a part ends and says which, instead of continuing without it. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { execa } from 'execa';
import { startSandbox } from '../../sandbox/index.ts';

/** The ids and command lines of a process's descendants. */
function descendants(pid: number): { pid: number; command: string }[] {
  const parents = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const found: { pid: number; command: string }[] = [];
  const below = new Set([pid]);
  for (let grown = true; grown; ) {
    grown = false;
    for (const name of parents) {
      if (below.has(Number(name))) continue;
      try {
        const parent = Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${name}/status`, 'utf8'))?.[1]);
        if (!below.has(parent)) continue;
        below.add(Number(name));
        found.push({ pid: Number(name), command: readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ') });
        grown = true;
      } catch {
        // It has ended in the meantime.
      }
    }
  }
  return found;
}

for (const [part, program, message] of [
  ['the node agent', /node\/agent\.ts/, /the node agent ended: SIGKILL/],
  ['the router', /router\.json/, /the router's Envoy ended: SIGKILL/],
] as const) {
  test(`a sandbox without ${part} ends and says so`, async () => {
    const sandbox = await startSandbox({ name: 'loses', images: [] });
    try {
      const victim = descendants(sandbox.pid).find(({ command }) => program.test(command));
      assert.ok(victim, `${part} runs`);
      process.kill(victim.pid, 'SIGKILL');
      const { reason, fault, log } = await sandbox.ended;
      assert.equal(fault, true);
      assert.match(reason, message);
      assert.match(log, message);
    } finally {
      await sandbox.stop();
    }
  });
}

/** A script that makes a process throw an uncaught exception, through its debugger. */
const THROW = `
  for (;;) {
    const [target] = await fetch('http://127.0.0.1:9229/json/list').then((answer) => answer.json(), () => []);
    if (target === undefined) continue;
    const socket = new WebSocket(target.webSocketDebuggerUrl);
    const expression = "setTimeout(() => { throw new Error('a broken controller') })";
    socket.onopen = () => socket.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression } }));
    await new Promise((resolve) => { socket.onmessage = socket.onclose = resolve; });
    process.exit();
  }
`;

async function throwIn(pid: number): Promise<void> {
  process.kill(pid, 'SIGUSR1');
  const user = process.getuid?.() === 0 ? [] : ['--user', '--preserve-credentials'];
  const inside = [`--target=${pid}`, ...user, '--net', process.execPath, '--input-type=module', '-e', THROW];
  await execa('nsenter', inside, { timeout: 30_000 });
}

for (const [part, program] of [
  ['the control plane', /^(?!.*unshare).*sandbox\/main\.ts/],
  ['the node agent', /node\/agent\.ts/],
] as const) {
  test(`an uncaught exception in ${part} ends the sandbox, and the log contains its message`, async () => {
    const sandbox = await startSandbox({ name: 'throws', images: [] });
    try {
      const victim = descendants(sandbox.pid).find(({ command }) => program.test(command));
      assert.ok(victim, `${part} runs`);
      await throwIn(victim.pid);
      const { fault, log } = await sandbox.ended;
      assert.equal(fault, true);
      assert.match(log, /Error: a broken controller/);
    } finally {
      await sandbox.stop();
    }
  });
}
