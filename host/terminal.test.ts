import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
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

  test('keeps variables and the working directory from command to command', async () => {
    await terminal.run('export WORK_DIR=$(pwd)', { timeoutMs });
    await terminal.run('mkdir -p a/b; cd a/b', { timeoutMs });
    const result = await terminal.run('echo "$WORK_DIR"; pwd', { timeoutMs });
    assert.equal(result.stdout, `${directory}\n${directory}/a/b\n`);
    assert.equal(result.directory, 'a/b');
    assert.equal((await terminal.run('(cd /; true); cd /usr', { timeoutMs })).directory, '/usr');
  });

  test('tells stdout, stderr and the exit code apart', async () => {
    const result = await terminal.run('echo out; echo err >&2; (exit 7)', { timeoutMs });
    assert.deepEqual([result.stdout, result.stderr, result.exit], ['out\n', 'err\n', 7]);
  });

  test('takes several lines, quotes and here-documents verbatim', async () => {
    const result = await terminal.run(`cat <<'EOF'\n"$HOME" 'it''s' \\ %s\nEOF\necho done`, { timeoutMs });
    assert.equal(result.stdout, `"$HOME" 'it''s' \\ %s\ndone\n`);
  });

  test('a command that reads its input finds none instead of the next command', async () => {
    assert.equal((await terminal.run('cat; read x || echo none', { timeoutMs })).stdout, 'none\n');
  });

  test('a traced shell shows the command and nothing of ours', async () => {
    const { stderr } = await terminal.run('set -x; true; echo hi', { timeoutMs });
    await terminal.run('set +x', { timeoutMs });
    assert.equal(stderr, '++ true\n++ echo hi\n');
  });

  test('a syntax error is the command’s failure, and the shell goes on', async () => {
    assert.notEqual((await terminal.run('if then fi (', { timeoutMs })).exit, 0);
    assert.equal((await terminal.run('echo still here', { timeoutMs })).stdout, 'still here\n');
  });

  test('a hanging command is stopped at its deadline and the shell goes on', async () => {
    await assert.rejects(terminal.run('sleep 60', { timeoutMs: 200 }), /did not end within 0.2 s/);
    assert.equal((await terminal.run('echo still here', { timeoutMs })).stdout, 'still here\n');
  });

  test('a loop of the shell’s own is stopped too, with the shell', async () => {
    const other = new BashTerminal({ directory, env: {}, kubeconfig: '/none', redact: (text) => text });
    await assert.rejects(other.run('while :; do :; done', { timeoutMs: 200 }), /did not end within 0.2 s/);
    await assert.rejects(other.run('echo', { timeoutMs }), /shell ended \(SIGKILL\)/);
  });

  test('reports the end of the shell instead of waiting for ever', async () => {
    const other = new BashTerminal({ directory, env: {}, kubeconfig: '/none', redact: (text) => text });
    await assert.rejects(other.run('exit 3', { timeoutMs }), /shell ended \(exit code 3\)/);
  });

  test('expands variables as inside double quotes, and nothing else', async () => {
    await terminal.run('HOST=a.test', { timeoutMs });
    assert.equal(await terminal.expand('http://$HOST/"x"?`y`'), 'http://a.test/"x"?`y`');
  });

  test('answers without secrets', async () => {
    assert.equal((await terminal.run('echo hush', { timeoutMs })).stdout, '[redacted]\n');
  });

  test('knows the namespace that the kubeconfig is set to', async () => {
    assert.equal(await terminal.namespace(), 'default');
    await writeFile(
      join(directory, 'kubeconfig'),
      'current-context: c\ncontexts: [{name: c, context: {namespace: shop}}]\n',
    );
    assert.equal(await terminal.namespace(), 'shop');
  });
});
