/** A lab with `console:` steps, on a sandbox with the small test console: what is clicked, recorded and left behind. */
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { execa } from 'execa';
import type { HistoryRun } from '../../../reporters/history/record.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const directory = mkdtempSync(join(tmpdir(), 'lw-console-'));
after(() => rmSync(directory, { recursive: true, force: true }));
const processes = join(directory, 'processes');

/** A folder for `LABWRIGHT_CONSOLE`; its program records its own process and what the process list shows of it. */
function buildConsole(): string {
  const build = join(directory, 'build');
  mkdirSync(join(build, 'static'), { recursive: true });
  writeFileSync(join(build, 'static', 'index.html'), '');
  const bridge = join(build, 'bridge');
  const program = join(import.meta.dirname, 'small-console.ts');
  const note = `{ echo "pid $$"; ps -A -ww -o args; } >>'${processes}'`;
  writeFileSync(bridge, `#!/bin/sh\n${note}\nexec '${process.execPath}' '${program}' "$@"\n`);
  chmodSync(bridge, 0o755);
  return build;
}

test('steps with console: are clicked in both browsers if there is a console, and certificate and history say so', async () => {
  const reports = join(directory, 'reports');
  const args = ['certify', join(import.meta.dirname, 'lab'), '--console', '--reports', reports];
  const { exitCode, all } = await execa(process.execPath, [join(ROOT, 'cli', 'labwright.js'), ...args], {
    all: true,
    reject: false,
    cwd: ROOT,
    env: { LABWRIGHT_CONSOLE: buildConsole() },
  });
  assert.equal(exitCode, 0, all);
  const certificate = readFileSync(join(reports, 'certificate.html'), 'utf8');
  const clicked = certificate.match(/Clicked in the web console, as the guide says:<\/p><ul>(.*?)<\/ul>/)?.[1] ?? '';
  assert.deepEqual(
    [...clicked.matchAll(/<li>([^<]*)<\/li>/g)].map((match) => match[1]),
    [
      '1 · install operator servicemeshoperator, channel stable',
      '1 · apply ServiceMeshControlPlane basic',
      '1 · apply ServiceMeshMemberRoll default',
      '1 · apply ConfigMap guide',
    ],
  );
  assert.match(certificate, /Done through the API, not clicked: ServiceMeshMemberRoll default exists already/);
  const run: HistoryRun = JSON.parse(readFileSync(join(reports, 'run.json'), 'utf8'));
  for (const browser of ['firefox', 'chromium']) {
    const exercises = run.sections.flatMap(({ exercises }) => exercises).filter((one) => one.browser === browser);
    const said = exercises.flatMap(({ steps }) => steps.flatMap(({ console }) => console ?? []));
    assert.deepEqual(said, [
      { by: 'clicks', controls: [{ name: 'update channel', form: 'drop-down' }] },
      { by: 'clicks' },
      { by: 'clicks' },
      { by: 'clicks', controls: [{ name: 'Import YAML', form: 'button' }] },
      { by: 'api' },
    ]);
  }
  const noted = readFileSync(processes, 'utf8');
  assert.doesNotMatch(noted, /sha256~/, 'no token in the list of processes');
  const consoles = [...noted.matchAll(/^pid (\d+)$/gm)].map((match) => Number(match[1]));
  assert.equal(consoles.length, 2);
  for (const pid of consoles)
    assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' }, 'the console has ended with its sandbox');
});
