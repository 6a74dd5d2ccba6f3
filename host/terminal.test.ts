import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { StepFailure } from '../steps/failure.ts';
import { BashTerminal } from './terminal.ts';

describe('the lab terminal', () => {
  let directory: string;
  let terminal: BashTerminal;
  const timeoutMs = 10_000;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'lw-terminal-'));
    terminal = new BashTerminal({
      directory,
      env: { PATH: process.env['PATH'] ?? '' },
      kubeconfig: join(directory, 'kubeconfig'),
      redact: (text) => text.replaceAll('hush', '[redacted]'),
    });
  });
  after(async () => {
    await terminal.stop();
    await rm(directory, { recursive: true });
  });

  test('keeps variables and the working directory between commands', async () => {
    await terminal.run('export WORK_DIR=$(pwd)', { timeoutMs });
    await terminal.run('mkdir -p a/b; cd a/b', { timeoutMs });
    const result = await terminal.run('echo "$WORK_DIR"; pwd', { timeoutMs });
    assert.equal(result.stdout, `${directory}\n${directory}/a/b\n`);
    assert.equal(result.directory, 'a/b');
    assert.equal((await terminal.run('(cd /; true); cd /usr', { timeoutMs })).directory, '/usr');
  });

  test('separates stdout, stderr and the exit code', async () => {
    const result = await terminal.run('echo out; echo err >&2; (exit 7)', { timeoutMs });
    assert.deepEqual([result.stdout, result.stderr, result.exit], ['out\n', 'err\n', 7]);
  });

  test('runs several lines, quotes and here-documents verbatim', async () => {
    const result = await terminal.run(`cat <<'EOF'\n"$HOME" 'it''s' \\ %s\nEOF\necho done`, { timeoutMs });
    assert.equal(result.stdout, `"$HOME" 'it''s' \\ %s\ndone\n`);
  });

  test('a command that reads its input gets none, not the next command', async () => {
    assert.equal((await terminal.run('cat; read x || echo none', { timeoutMs })).stdout, 'none\n');
  });

  test('a traced shell shows only the command', async () => {
    const { stderr } = await terminal.run('set -x; true; echo hi', { timeoutMs });
    await terminal.run('set +x', { timeoutMs });
    assert.equal(stderr, '++ true\n++ echo hi\n');
  });

  test('a syntax error fails the command, and the shell continues', async () => {
    assert.notEqual((await terminal.run('if then fi (', { timeoutMs })).exit, 0);
    assert.equal((await terminal.run('echo still here', { timeoutMs })).stdout, 'still here\n');
  });

  test('a hanging command is stopped at its deadline and the shell continues', async () => {
    await assert.rejects(terminal.run('sleep 60', { timeoutMs: 200 }), /did not end within 0.2 s/);
    assert.equal((await terminal.run('echo still here', { timeoutMs })).stdout, 'still here\n');
  });

  test('a loop of the shell itself is stopped with the shell, and a new shell continues from there', async () => {
    await terminal.run('cd "$WORK_DIR/a"; KEPT=yes', { timeoutMs });
    await assert.rejects(terminal.run('while :; do :; done', { timeoutMs: 200 }), /did not end within 0.2 s/);
    const { stdout, directory: where } = await terminal.run('echo $KEPT', { timeoutMs });
    assert.deepEqual([stdout, where], ['yes\n', 'a']);
  });

  test('a command that ends the shell fails alone: directory, variables, functions and options are restored', async () => {
    await terminal.run('cd b; export TOKEN="a\'b"; list=(1 "2 3"); greet() { echo "hi $1"; }; set -f', { timeoutMs });
    await assert.rejects(terminal.run('echo before; exit 3', { timeoutMs }), (error) => {
      assert.ok(error instanceof StepFailure);
      assert.match(error.failure.message, /`echo before; exit 3` ended the lab's shell \(exit code 3\)/);
      assert.equal(error.failure.actual, 'before\n');
      return true;
    });
    const after = await terminal.run('greet "$TOKEN"; echo "${list[1]}" *; bash -c \'echo $TOKEN\'; set +f', {
      timeoutMs,
    });
    assert.deepEqual([after.stdout, after.directory, after.exit], ["hi a'b\n2 3 *\na'b\n", 'a/b', 0]);
  });

  test('a timed-out command shows what it had printed', async () => {
    await assert.rejects(terminal.run('echo so far; sleep 60', { timeoutMs: 500 }), (error) => {
      assert.ok(error instanceof StepFailure);
      assert.equal(error.failure.actual, 'so far\n');
      return true;
    });
  });

  test('a command sees the exit code of the previous one', async () => {
    await terminal.run('(exit 7)', { timeoutMs });
    assert.equal((await terminal.run('echo $?', { timeoutMs })).stdout, '7\n');
  });

  test('colours are removed', async () => {
    const { stdout } = await terminal.run("printf '\\033[1;32mReady\\033[0m\\n'", { timeoutMs });
    assert.equal(stdout, 'Ready\n');
  });

  test('expands only variables, as inside double quotes', async () => {
    await terminal.run('HOST=a.test', { timeoutMs });
    assert.equal(await terminal.expand('http://$HOST/"x"?`y`'), 'http://a.test/"x"?`y`');
  });

  test('removes secrets from its answers', async () => {
    assert.equal((await terminal.run('echo hush', { timeoutMs })).stdout, '[redacted]\n');
  });

  test('reads the namespace from the kubeconfig', async () => {
    assert.equal(await terminal.namespace(), 'default');
    await writeFile(
      join(directory, 'kubeconfig'),
      'current-context: c\ncontexts: [{name: c, context: {namespace: shop}}]\n',
    );
    assert.equal(await terminal.namespace(), 'shop');
  });
});
