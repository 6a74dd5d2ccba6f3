/** Compares what kubectl and oc print on the sandbox with what they printed on a real kube-apiserver. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Sandbox, startSandbox } from '../../../sandbox/index.ts';
import { KUBECTLS } from '../../support/kubectls.ts';
import { type CommandDifference, EVERYWHERE, KNOWN } from './differences.ts';
import { readRecorded } from './record.ts';
import { play, readCases, type Said } from './run.ts';

let sandbox: Sandbox;
before(async () => {
  sandbox = await startSandbox({ name: 'commands', images: [] });
});
after(() => sandbox?.stop());

for (const kubectl of KUBECTLS) {
  const recorded = readRecorded(kubectl);
  const skip = recorded === undefined && `not recorded: node test/conformance/commands/record.ts`;
  describe(kubectl.name, { skip }, () => {
    for (const one of readCases()) {
      test(`${one.name}: ${one.commands.length} commands print what they print on ${recorded?.server}`, async () => {
        const said = await play(sandbox, kubectl, one);
        const real = recorded?.cases[one.name] ?? [];
        assert.deepEqual(
          real.map(({ command }) => command),
          one.commands,
          'the commands have changed since: record again',
        );
        const wrong = said.flatMap((ours, index) => {
          const before = real[index];
          const found = before === undefined ? [] : unexplained(before.command, before, ours);
          return found.length === 0 ? [] : [`$ ${before?.command}`, ...found];
        });
        assert.equal(wrong.join('\n'), '');
      });
    }
  });
}

function unexplained(command: string, real: Said, ours: Said): string[] {
  const own = KNOWN[command];
  const known: readonly CommandDifference[] = [...EVERYWHERE, ...(own === undefined ? [] : [own])];
  const lines = (['stdout', 'stderr'] as const).flatMap((stream) => [
    ...real[stream].filter((line) => !ours[stream].includes(line)).map((line) => ({ sign: '-', line })),
    ...ours[stream].filter((line) => !real[stream].includes(line)).map((line) => ({ sign: '+', line })),
  ]);
  const left = lines.filter(({ line }) => !known.some((one) => one.lines.test(line)));
  const code = real.exitCode === ours.exitCode ? [] : [`  exit code: real ${real.exitCode}, ours ${ours.exitCode}`];
  return [...code, ...left.map(({ sign, line }) => `  ${sign} ${line}`)];
}
