/**
 * `npm test`: static checks in parallel, then unit tests, integration tests, scenarios, a busy machine and the whole lab, one after
 * the other. Each stage prints its time and its slowest files. Every stage runs even if one fails; the last line is
 * `N passed, N failed` for all of them.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { delimiter, join, relative } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const BIN = join(ROOT, 'node_modules', '.bin');
const scripts = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).scripts;
const counts = join(ROOT, 'reports', 'tests');

/** A stage whose command counts as one test: it passed if it exited with 0. */
const check = (name) => ({
  name,
  args: [name],
  count: (exit) => ({ passed: exit === 0 ? 1 : 0, failed: exit === 0 ? 0 : 1 }),
});

/** A stage of node:test files, as named by package.json's script. */
function units(name) {
  const counted = join(counts, `${name.replace(':', '-')}.json`);
  const count = () => JSON.parse(readFileSync(counted, 'utf8'));
  return { name, shell: scripts[name], env: { LABWRIGHT_COUNTS: counted }, count };
}

/** The whole lab, as a user certifies it; each exercise in each browser is a test. */
function lab() {
  const report = join(ROOT, 'reports', 'verdict.json');
  rmSync(report, { force: true });
  const count = () => {
    const { passed, ...others } = JSON.parse(readFileSync(report, 'utf8')).counts;
    return { passed, failed: Object.values(others).reduce((sum, number) => sum + number, 0) };
  };
  return { name: 'test:lab', shell: scripts['test:lab'], live: true, count };
}

const running = new Set();
let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    interrupted = true;
    for (const child of running) child.kill(signal);
  });
}

/** The stages' totals. No stage starts after a signal. */
async function runAll(...stages) {
  return interrupted ? [] : Promise.all(stages.map(run));
}

function run(stage) {
  const started = Date.now();
  const env = {
    ...process.env,
    ...stage.env,
    PATH: `${BIN}${delimiter}${process.env.PATH}`,
    // Hundreds of processes load the same modules; compiling them is a third of what a unit test's file takes.
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(ROOT, '.labwright', 'compile-cache'),
    FORCE_COLOR: process.stdout.isTTY ? '1' : '0',
  };
  const options = {
    cwd: ROOT,
    env,
    stdio: ['ignore', stage.live ? 'inherit' : 'pipe', stage.live ? 'inherit' : 'pipe'],
  };
  const child = stage.shell
    ? spawn(`exec ${stage.shell}`, { ...options, shell: true })
    : spawn(join(BIN, stage.args[0]), stage.args.slice(1), options);
  running.add(child);
  return new Promise((resolve) => {
    let output = '';
    child.stdout?.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr?.on('data', (chunk) => {
      output += chunk;
    });
    child.on('error', (error) => {
      output += error.message;
    });
    child.on('close', (exit) => {
      running.delete(child);
      resolve(verdict(stage, exit, output, Date.now() - started));
    });
  });
}

/** What a stage adds to the total; one that ran nothing, or ended badly without saying why, counts as one failure. */
function verdict(stage, exit, output, milliseconds) {
  let total = { passed: 0, failed: 0 };
  try {
    total = stage.count(exit);
  } catch {
    // It died before it could count.
  }
  if (total.failed === 0 && (exit !== 0 || total.passed === 0)) total.failed = 1;
  const line = `${total.failed ? 'FAILED' : 'ok    '}  ${stage.name}: ${total.passed} passed, ${total.failed} failed (${(milliseconds / 1000).toFixed(1)} s)`;
  if (total.failed && !stage.live) console.log(`\n${output.trimEnd()}`);
  console.log(line);
  for (const { file, seconds } of (total.files ?? []).slice(0, 3))
    console.log(`          ${seconds.toFixed(1).padStart(5)} s  ${relative(ROOT, file)}`);
  return total;
}

rmSync(counts, { recursive: true, force: true });
mkdirSync(counts, { recursive: true });
const totals = await runAll(check('tsc'), { ...check('biome'), args: ['biome', 'check'] }, check('knip'));
// The busy machine comes alone: it would make every test beside it slow.
const stages = [...['test:unit', 'test:integration', 'test:scenarios', 'test:busy'].map(units), lab()];
for (const stage of stages) totals.push(...(await runAll(stage)));

const sum = (key) => totals.reduce((all, total) => all + total[key], 0);
console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
if (interrupted) console.log('Interrupted: not all stages ran.');
process.exitCode = interrupted ? 130 : sum('failed') === 0 ? 0 : 1;
