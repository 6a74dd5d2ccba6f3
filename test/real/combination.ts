/** Plays the lab on one combination of API server and mesh control plane: the result of each section, time and memory. */
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import { withLab } from '../../bench/lab.ts';
import { processesUnder } from '../../bench/processes.ts';
import type { ControlPlaneName } from '../../host/process/control-plane.ts';

const ROOT = join(import.meta.dirname, '../..');
/** Where `setup/control-plane.js` puts the programs that it builds. */
const BIN = join(ROOT, '.labwright', 'control-plane', 'bin');

export interface SectionTime {
  /** `05-traffic`. */
  readonly section: string;
  readonly browser: string;
  readonly passed: boolean;
  readonly seconds: number;
}

export interface Combination {
  readonly name: ControlPlaneName;
  readonly sections: readonly SectionTime[];
  /** Duration of `certify` in both browsers with all reports. */
  readonly seconds: number;
  /** Memory of one sandbox with the lab on it. */
  readonly memoryMiB: number;
  readonly certified: boolean;
}

export async function playOn(name: ControlPlaneName): Promise<Combination> {
  const reports = join(ROOT, 'reports', 'real', name);
  const command = [join(ROOT, 'cli', 'labwright.js'), 'certify', '--control-plane', name, '--reports', reports];
  const started = performance.now();
  const { exitCode } = await execa(process.execPath, command, { stdio: 'inherit', reject: false, env: withRealOc() });
  const seconds = (performance.now() - started) / 1000;
  const sections = sectionsOf(readFileSync(join(reports, 'junit.xml'), 'utf8'));
  const memoryMiB = exitCode === 0 ? await withLab(name, memoryOf) : 0;
  return { name, sections, seconds, memoryMiB, certified: exitCode === 0 };
}

/** The lab's shell uses the real `oc` if it is on the PATH; `npm run build:real` has installed one. */
function withRealOc(): Record<string, string> {
  const path = process.env['PATH'] ?? '';
  return existsSync(join(BIN, 'oc')) ? { PATH: `${BIN}${delimiter}${path}` } : {};
}

function memoryOf(pid: number): number {
  return processesUnder(pid).reduce((sum, { memoryMiB }) => sum + memoryMiB, 0);
}

/** A suite of Playwright's JUnit report is a section in a browser. */
function sectionsOf(junit: string): SectionTime[] {
  const suites = junit.matchAll(/<testsuite name="([^"]+)\.spec\.ts"[^>]* hostname="([^"]+)"([^>]*)>/g);
  return [...suites].map(([, section = '', browser = '', rest = '']) => ({
    section,
    browser,
    passed: rest.includes(' failures="0"') && rest.includes(' errors="0"') && rest.includes(' skipped="0"'),
    seconds: Number(/ time="([\d.]+)"/.exec(rest)?.[1] ?? 0),
  }));
}
