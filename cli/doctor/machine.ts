/** Which of the programs and resources that a run needs this machine has. */
import { statfsSync } from 'node:fs';
import { availableParallelism, freemem } from 'node:os';
import { execa } from 'execa';
import { findCommand, findEnvoy, hasPlaywrightBrowser, PROGRAMS, type Program } from '../../setup/programs.js';
import { ROOT } from '../lab.ts';
import { type Finding, ok, problem, warning } from './finding.ts';

const GIB = 1024 ** 3;
/** A run with both browsers and two sandboxes stays under this; measured by `npm run bench`. */
const MEMORY_WANTED = 4 * GIB;
const DISK_WANTED = 1 * GIB;

/** @param sandbox whether the embedded sandbox will run here; without it less is needed. */
export async function machineFindings(sandbox: boolean): Promise<Finding[]> {
  const programs = PROGRAMS.filter((program) => sandbox || program.sandbox !== true);
  const found = await Promise.all(programs.map(programFinding));
  return [nodeFinding(), ...found, ocFinding(), ...(sandbox ? [envoyFinding()] : []), memoryFinding(), diskFinding()];
}

function nodeFinding(): Finding {
  return ok('node', `Node ${process.version}`);
}

async function programFinding(program: Program): Promise<Finding> {
  const id = program.commands[0] ?? program.name;
  const path = findCommand(...program.commands);
  if (path !== undefined) return ok(id, `${program.name}: ${await versionOf(id, path)} (${path})`);
  if (program.browser !== undefined && hasPlaywrightBrowser(program.browser)) {
    return ok(id, `${program.name}: Playwright’s own download`);
  }
  const playwright = program.browser === undefined ? '' : `, or: npx playwright install ${program.browser}`;
  const apt = `sudo apt-get install -y --no-install-recommends ${program.package}`;
  return problem(id, `${program.name} is missing`, program.why, `${apt}${playwright}`);
}

const VERSION_FLAG: Readonly<Record<string, readonly string[]>> = {
  kubectl: ['version', '--client', '--output=json'],
  ip: ['-V'],
};

/** The version that a program reports, `?` if it reports none. */
async function versionOf(id: string, path: string): Promise<string> {
  const result = await execa(path, [...(VERSION_FLAG[id] ?? ['--version'])], {
    reject: false,
    timeout: 10_000,
    all: true,
  });
  return /"gitVersion": "v?([^"]+)"/.exec(result.all)?.[1] ?? /v?=?(\d+(?:\.\d+)+)/.exec(result.all)?.[1] ?? '?';
}

function ocFinding(): Finding {
  const oc = findCommand('oc');
  if (oc !== undefined) return ok('oc', `oc: the real one (${oc})`);
  return ok('oc', 'oc: Labwright’s stand-in, since there is no real oc on the PATH');
}

function envoyFinding(): Finding {
  const path = findEnvoy();
  if (path !== undefined) return ok('envoy', `Envoy is installed (${path})`);
  return problem('envoy', 'Envoy is missing', 'the mesh and the router of the sandbox', 'node setup/index.js');
}

function memoryFinding(): Finding {
  const what = `${(freemem() / GIB).toFixed(1)} GiB of memory free, ${availableParallelism()} cores`;
  if (freemem() >= MEMORY_WANTED) return ok('memory', what);
  const why = 'two browsers and two sandboxes side by side take up to 4 GiB';
  return warning('memory', what, why, 'one browser at a time: npm run certify -- --browser firefox');
}

function diskFinding(): Finding {
  const { bavail, bsize } = statfsSync(ROOT);
  const what = `${((bavail * bsize) / GIB).toFixed(1)} GiB of disk free`;
  if (bavail * bsize >= DISK_WANTED) return ok('disk', what);
  return warning(
    'disk',
    what,
    'traces, screenshots and reports',
    'rm -r reports test-results, or free some space elsewhere',
  );
}
