/** `labwright certify [lab]`: validates the lab, checks the machine, plays the lab in the browsers, writes the reports. */
import { join } from 'node:path';
import type { ControlPlaneName } from '../host/process/control-plane.ts';
import { generateAllureReport } from '../reporters/allure.ts';
import { chooseCluster } from './certify/cluster.ts';
import { requireConsole } from './certify/console.ts';
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
  /** Also write the input of `report merge`. */
  readonly blob?: true;
  readonly headed?: true;
  /** Refuse to run without a web console. */
  readonly console?: true;
  /** The kubeconfig of a real cluster. */
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly proxy?: string;
  /** PEM file of authorities that browsers and shells should trust on a real cluster. */
  readonly ca?: string;
  readonly adopt?: true;
  readonly upstream?: true;
  /** `from=to` */
  readonly image: readonly string[];
  readonly keep?: true;
  readonly release?: string;
  readonly controlPlane?: ControlPlaneName;
  /** Folder that the reports are written to. */
  readonly reports?: string;
  /** Folder of the history; a folder in the reports by default. */
  readonly history?: string;
}

/** The host's message if a cluster that was fit became unavailable during the run. */
const LOST: ReadonlySet<string> = new Set(['LW-CLUSTER-LOST', 'LW-HOST']);

/** @returns the verdict as an exit code. @throws {CliError} when nothing could be played. */
export async function certify(lab: string, options: CertifyOptions): Promise<ExitCode> {
  refuseSwallowedOptions(lab);
  const directory = findLab(lab);
  const specs = specFiles(directory, options.section);
  if (!printProblems(directory)) return EXIT.usage;
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
      const consoleUser = options.console === true ? await requireConsole(cluster) : {};
      return play({
        ...options,
        ...real,
        ...(cluster && { cluster: { ...cluster, ...(trust && { trust }) } }),
        directory,
        specs,
        reports,
        run,
        consoleUser,
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
    const message = `Playwright was killed (${ended.killed}); a machine that runs out of memory does this.`;
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

/** A missing Allure report is reported, but does not change the verdict. */
async function makeAllure(reports: string): Promise<void> {
  const report = await generateAllureReport(join(reports, 'allure-results'), join(reports, 'allure'));
  if (!report.made) console.error(`${report.reason}  (LW-ALLURE)`);
}

/**
 * With `npm run certify --section 5`, npm takes the option for itself and passes 5 on as if it were the lab. The option needs two
 * dashes before it.
 */
function refuseSwallowedOptions(argument: string): void {
  for (const name of ['section', 'browser', 'headed', 'keep', 'grep']) {
    const value = process.env[`npm_config_${name}`];
    if (value === undefined || value === '') continue;
    const given = value === 'true' && (name === 'headed' || name === 'keep') ? '' : value === 'true' ? argument : value;
    const shown = `--${name} ${given}`.trimEnd();
    const message = `npm took --${name} for itself; put two dashes before the options of certify.`;
    throw new CliError(EXIT.usage, 'LW-NPM-OPTION', message, `npm run certify -- ${shown}`);
  }
}
