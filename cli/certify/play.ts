/** Runs Playwright on a lab's spec files, and stops it cleanly. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { ClusterChoice } from '../../host/process/choice.ts';
import type { ControlPlaneName } from '../../host/process/control-plane.ts';
import type { RunFacts } from '../../reporters/history/index.ts';
import { ROOT } from '../lab.ts';
import { keepHost } from './keep.ts';

export interface Play {
  /** The lab's folder. */
  readonly directory: string;
  readonly specs: readonly string[];
  /** Folder that the reports are written to. */
  readonly reports: string;
  /** What the history should record of the run. */
  readonly run: RunFacts;
  /** Variables that name the web console's user on a cluster. */
  readonly consoleUser: Readonly<Record<string, string>>;
  readonly browser?: 'firefox' | 'chromium';
  readonly grep?: string;
  readonly blob?: true;
  readonly headed?: true;
  readonly keep?: true;
  /** The release that the sandbox imitates. */
  readonly release?: string;
  readonly controlPlane?: ControlPlaneName;
  /** A real cluster instead of sandboxes. */
  readonly cluster?: ClusterChoice;
}

export interface Played {
  readonly exit: number;
  readonly interrupted: boolean;
  /** The signal that ended Playwright, if Labwright did not send it. */
  readonly killed: NodeJS.Signals | undefined;
  /** The last line printed: where a kept sandbox is. */
  afterwards(): Promise<void>;
}

export async function playLab(play: Play): Promise<Played> {
  const kept = play.keep === true && play.cluster === undefined ? await keepHost(play) : undefined;
  const environment = {
    ...process.env,
    ...play.consoleUser,
    LABWRIGHT_PARENT_PID: String(process.pid),
    LABWRIGHT_LAB: play.directory,
    LABWRIGHT_REPORTS: play.reports,
    ...(play.blob === undefined ? {} : { LABWRIGHT_BLOB: '1' }),
    LABWRIGHT_RUN: JSON.stringify(play.run),
    // Each browser has a sandbox of its own, a real cluster is one for all.
    ...(play.cluster === undefined
      ? { LABWRIGHT_PROJECTS: play.browser ?? 'firefox,chromium' }
      : { LABWRIGHT_CLUSTER: JSON.stringify(play.cluster) }),
    ...(play.cluster?.trust === undefined ? {} : { LABWRIGHT_TRUST: play.cluster.trust }),
    ...(play.release === undefined ? {} : { LABWRIGHT_RELEASE: play.release }),
    ...(play.controlPlane === undefined ? {} : { LABWRIGHT_CONTROL_PLANE: play.controlPlane }),
    ...(kept === undefined ? {} : { LABWRIGHT_HOST: kept.socket }),
  };
  const ended = await runPlaywright(argumentsOf(play), environment);
  if (ended.interrupted || ended.killed !== undefined) await kept?.stop();
  return { ...ended, afterwards: async () => kept?.leave(play.directory) };
}

function argumentsOf(play: Play): string[] {
  const args = ['test', ...play.specs.map(asPattern), `--config=${join(ROOT, 'playwright.config.ts')}`];
  if (play.browser !== undefined) args.push(`--project=${play.browser}`);
  if (play.grep !== undefined) args.push('--grep', play.grep);
  if (play.headed === true) args.push('--headed');
  return args;
}

/** Playwright takes regular expressions. Tests are reported where they are written: in the spec or in the YAML beside it. */
function asPattern(spec: string): string {
  const name = spec.slice(0, -'spec.ts'.length);
  return name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/**
 * Playwright leads its own process group, so that ctrl-C reaches it once, through this process. The first signal lets it stop its
 * workers and tear the run down, the second kills it.
 */
function runPlaywright(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Omit<Played, 'afterwards'>> {
  const watchdog = join(ROOT, 'cli', 'parent-watchdog.ts');
  const playwright = join(ROOT, 'node_modules', '@playwright', 'test', 'cli.js');
  const child = spawn(process.execPath, ['--import', watchdog, playwright, ...args], {
    cwd: ROOT,
    env,
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  let signals = 0;
  const stop = () => {
    signals += 1;
    child.kill(signals === 1 ? 'SIGINT' : 'SIGTERM');
  };
  const caught = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of caught) process.on(signal, stop);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      for (const signal of caught) process.off(signal, stop);
      const interrupted = signals > 0 || code === 130;
      resolve({ exit: code ?? 1, interrupted, killed: interrupted ? undefined : (signal ?? undefined) });
    });
  });
}
