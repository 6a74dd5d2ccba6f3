/** Plays every folder's scenario through the real command line. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { execa } from 'execa';
import { load } from 'js-yaml';

interface Scenario {
  readonly title: string;
  readonly run: readonly string[];
  readonly args?: readonly string[];
  readonly exit: number;
  readonly output: readonly string[];
  readonly absent?: readonly string[];
  readonly sandbox: boolean;
}

const ROOT = join(import.meta.dirname, '..', '..');
const folders = readdirSync(import.meta.dirname).filter((name) =>
  existsSync(join(import.meta.dirname, name, 'scenario.yaml')),
);

describe('scenarios', { concurrency: 2 }, () => {
  for (const name of folders) {
    const folder = join(import.meta.dirname, name);
    const scenario = load(readFileSync(join(folder, 'scenario.yaml'), 'utf8')) as Scenario;
    for (const command of scenario.run) {
      test(`${scenario.title} (${command})`, () => play(name, folder, scenario, command));
    }
  }
});

async function play(name: string, folder: string, scenario: Scenario, command: string): Promise<void> {
  const reports = command === 'certify' ? ['--reports', join(ROOT, 'reports', 'scenarios', name)] : [];
  const args = [...command.split(' '), ...(scenario.args ?? [join(folder, 'lab')]), ...reports];
  const { exitCode, all } = await execa(process.execPath, [join(ROOT, 'cli', 'labwright.js'), ...args], {
    all: true,
    reject: false,
    cwd: ROOT,
    env: scenario.sandbox ? {} : { LABWRIGHT_ENVOY: '/nowhere/envoy' },
  });
  const stack = /^\s+at .*\(?(file:|node:|\/).*:\d+:\d+\)?$/m;
  assert.equal(exitCode, scenario.exit, `exit code of labwright ${args.join(' ')}\n${all}`);
  for (const text of scenario.output) assert.ok(holds(all, text), `the output lacks ${text}:\n${all}`);
  for (const text of scenario.absent ?? []) assert.ok(!holds(all, text), `the output holds ${text}:\n${all}`);
  if (scenario.exit >= 2) assert.doesNotMatch(all, stack);
}

/** A text, or `/a pattern/`. */
function holds(output: string, expected: string): boolean {
  const pattern = /^\/(.*)\/$/s.exec(expected)?.[1];
  return pattern === undefined ? output.includes(expected) : new RegExp(pattern, 'm').test(output);
}
