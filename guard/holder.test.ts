import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { type Holder, isGone, parseHolder, thisProcess } from './holder.ts';
import { processStart } from './process-start.ts';

const here = thisProcess();

/** Another process of this machine. @returns it, and a function that ends it. */
async function neighbour(): Promise<{ holder: Holder; end: () => Promise<void> }> {
  const child = spawn('sleep', ['60']);
  await once(child, 'spawn');
  const pid = child.pid ?? 0;
  return {
    holder: { ...here, instance: 'another', pid, started: processStart(pid) },
    end: async () => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

test('a process of this machine is gone once it has ended', async () => {
  const { holder, end } = await neighbour();
  assert.equal(isGone(holder), false);
  await end();
  assert.equal(isGone(holder), true);
});

test('a reused process id is another process', async () => {
  const { holder, end } = await neighbour();
  assert.equal(isGone({ ...holder, started: '1' }), true);
  await end();
});

test('nothing is known about processes of another machine, an earlier boot or another container, whatever their names and ids', async () => {
  const { holder, end } = await neighbour();
  await end();
  for (const elsewhere of [
    { boot: 'another' },
    { boot: undefined },
    { machine: 'another' },
    { pidNamespace: 'pid:[1]' },
    { pidNamespace: undefined },
    { started: undefined },
  ])
    assert.equal(isGone({ ...holder, ...elsewhere }), false, JSON.stringify(elsewhere));
});

test('a holder can be serialized and parsed; other formats are not recognized', () => {
  assert.deepEqual(parseHolder(JSON.stringify(here)), here);
  for (const text of [undefined, '', 'desk/123', '{}', 'null', '[]', '{"pid":"1","instance":"a"}'])
    assert.equal(parseHolder(text), undefined, text);
});
