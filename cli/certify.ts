/** `labwright certify [lab]`: validate, look at the machine, play in the browsers, report. */
import { join } from 'node:path';
import type { ControlPlaneName } from '../host/process/control-plane.ts';
import { generateAllureReport } from '../reporters/allure.ts';
import { chooseCluster } from './certify/cluster.ts';
import { requireMachine } from './certify/machine.ts';
import { type Play, playLab } from './certify/play.ts';
import { recorded } from './certify/recorded.ts';
import { readVerdict } from './certify/reports.ts';
import { browserOf, parseShard, type Shard } from './certify/shard.ts';
import { trustOf } from './certify/trust.ts';
import { CliError, EXIT, type ExitCode } from './failure.ts';
import { historyFolder } from './history.ts';
import { findLab, ROOT, specFiles } from './lab.ts';
import { printProblems } from './validate.ts';

export interface CertifyOptions {
  readonly section: readonly string[];
  readonly browser?: 'firefox' | 'chromium';
  readonly grep?: string;
  /** `1/2` */
  readonly shard?: string;
  /** Also write what `report merge` reads. */
  readonly blob?: true;
  readonly headed?: true;
  /** A real cluster, by its kubeconfig. */
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly proxy?: string;
  /** PEM file of authorities that browsers and shells are to trust on a real cluster. */
  readonly ca?: string;
  readonly adopt?: true;
  readonly upstream?: true;
  /** `from=to` */
  readonly image: readonly string[];
  readonly keep?: true;
  readonly release?: string;
  readonly controlPlane?: ControlPlaneName;
  /** Folder the reports are written to. */
  readonly reports?: string;
  /** Folder of the history; one in the reports' by default. */
  readonly history?: string;
}

/** What the run's host says of a real cluster that was found fit, and then was not there any more. */
const LOST: ReadonlySet<string> = new Set(['LW-CLUSTER-LOST', 'LW-HOST']);

/** @returns the verdict as an exit code. @throws {CliError} when nothing could be played. */
export async function certify(lab: string, options: CertifyOptions): Promise<ExitCode> {
  refuseSwallowedOptions(lab);
  const directory = findLab(lab);
  const specs = specFiles(directory, options.section);
  if (!(await printProblems(directory))) return EXIT.usage;
  const shard = shardOf(options);
  const browser = (shard && browserOf(shard)) ?? options.browser;
  const reports = options.reports ?? join(ROOT, 'reports');
  const history = options.history ?? historyFolder(reports);
  const { context } = options;
  return recorded(
    { directory, reports, history, ...(shard && { shard }), ...(context && { context }) },
    async (run) => {
      await requireMachine(browser, options.kubeconfig === undefined);
      const trust = await trustOf(options);
      const { cluster, ...real } = await chooseCluster(directory, reports, run.id, options);
      return play({
        ...options,
        ...real,
        ...(cluster && { cluster: { ...cluster, ...(trust && { trust }) } }),
        directory,
        specs,
        reports,
        run,
        ...(browser && { browser }),
        ...(shard && { blob: true }),
      });
    },
  );
}

function shardOf({ shard, browser }: CertifyOptions): Shard | undefined {
  if (shard === undefined) return undefined;
  if (browser === undefined) return parseShard(shard);
  throw new CliError(EXIT.usage, 'LW-SHARD', '--shard chooses the browser, so --browser can\u2019t be given too.');
}

async function play(options: Play): Promise<ExitCode> {
  const { reports } = options;
  const ended = await playLab(options);
  if (ended.interrupted) return EXIT.interrupted;
  if (ended.killed !== undefined) {
    const message = `Playwright was ended from outside (${ended.killed}), as a machine does that runs out of memory.`;
    throw new CliError(
      EXIT.notFit,
      'LW-PLAYWRIGHT-ENDED',
      message,
      'npx labwright doctor says how much memory is free',
    );
  }
  const verdict = readVerdict(reports);
  if (options.cluster !== undefined && LOST.has(verdict?.code ?? '')) return EXIT.lost;
  if (verdict === undefined || Object.values(verdict.counts).every((count) => count === 0)) {
    const message =
      ended.exit === 0 ? 'Nothing was played.' : 'Playwright ended before the lab began; its message is above.';
    throw new CliError(options.grep === undefined ? EXIT.notFit : EXIT.usage, 'LW-NOTHING-PLAYED', message);
  }
  await makeAllure(reports);
  await ended.afterwards();
  return verdict.exitCode;
}

/** A report that could not be made is told, but is no verdict on the lab. */
async function makeAllure(reports: string): Promise<void> {
  const report = await generateAllureReport(join(reports, 'allure-results'), join(reports, 'allure'));
  if (!report.made) console.error(`${report.reason}  (LW-ALLURE)`);
}

/**
 * `npm run certify --section 5` keeps the option for npm and hands the 5 on as if it were the lab; what the person wanted
 * needs two dashes before it.
 */
function refuseSwallowedOptions(argument: string): void {
  for (const name of ['section', 'browser', 'headed', 'keep', 'grep']) {
    const value = process.env[`npm_config_${name}`];
    if (value === undefined || value === '') continue;
    const given = value === 'true' && (name === 'headed' || name === 'keep') ? '' : value === 'true' ? argument : value;
    const shown = `--${name} ${given}`.trimEnd();
    const message = `npm kept --${name} for itself: options for certify come after two dashes.`;
    throw new CliError(EXIT.usage, 'LW-NPM-OPTION', message, `npm run certify -- ${shown}`);
  }
}
