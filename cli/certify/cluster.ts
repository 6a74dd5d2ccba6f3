/** `certify --kubeconfig`: checks the cluster first, and refuses it if the lab can't be judged on it. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ClusterChoice } from '../../host/process/choice.ts';
import { ClusterError } from '../../kube/connection.ts';
import { loadLab } from '../../steps/load.ts';
import { renderFinding } from '../doctor/finding.ts';
import { CliError, EXIT } from '../failure.ts';
import { preflight } from '../preflight/index.ts';

export interface ClusterOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly proxy?: string;
  readonly adopt?: true;
  readonly keep?: true;
  readonly upstream?: true;
  readonly image: readonly string[];
  readonly release?: string;
}

/**
 * @param directory the lab's.
 * @param run id of the run.
 * @returns undefined without a kubeconfig.
 * @throws {CliError} `LW-CLUSTER-NOT-FIT` with every finding.
 */
export async function chooseCluster(
  directory: string,
  reports: string,
  run: string,
  options: ClusterOptions,
): Promise<{ cluster?: ClusterChoice; release?: string }> {
  const { kubeconfig, context, release } = options;
  const proxy = options.proxy ?? proxyOfEnvironment();
  if (kubeconfig === undefined) return release === undefined ? {} : { release };
  if (!existsSync(kubeconfig))
    throw new CliError(EXIT.usage, 'LW-NO-KUBECONFIG', `There is no file ${kubeconfig}.`, 'name one with --kubeconfig');
  const adopt = options.adopt === true;
  const chosen = { kubeconfig: resolve(kubeconfig), ...(context && { context }), ...(proxy && { proxy }), adopt };
  const { findings, ...found } = await preflight(loadLab(directory), chosen).catch((error: unknown) => {
    if (error instanceof ClusterError) throw new CliError(EXIT.usage, error.code, error.message, error.next);
    throw error;
  });
  const problems = findings.filter(({ level }) => level === 'problem');
  for (const finding of findings.filter(({ level }) => level === 'warning')) console.error(renderFinding(finding));
  if (problems.length > 0) {
    const message = `This cluster is not fit for the lab.\n${problems.map(renderFinding).join('\n')}`;
    throw new CliError(EXIT.notFit, 'LW-CLUSTER-NOT-FIT', message, `npx labwright doctor --kubeconfig ${kubeconfig}`);
  }
  const taken = release ?? found.release;
  return {
    ...(taken === undefined ? {} : { release: taken }),
    cluster: {
      ...chosen,
      keep: options.keep === true,
      upstream: options.upstream === true,
      images: imagesOf(options.image),
      reports,
      run,
      ...(found.releaseNote === undefined || release !== undefined ? {} : { releaseNote: found.releaseNote }),
    },
  };
}

/** The guide's pages are plain HTTP, so browsers and shells use the proxy set for HTTP. */
export function proxyOfEnvironment(): string | undefined {
  const { http_proxy: lower, HTTP_PROXY: upper } = process.env;
  return lower || upper || undefined;
}

/** @throws {CliError} `LW-IMAGE-OPTION` */
function imagesOf(given: readonly string[]): Record<string, string> {
  const pairs = given.map((text): [string, string] => {
    const [from = '', to = '', ...rest] = text.split('=');
    if (from !== '' && to !== '' && rest.length === 0) return [from, to];
    throw new CliError(EXIT.usage, 'LW-IMAGE-OPTION', `--image ${text}: expected from=to, two image references.`);
  });
  return Object.fromEntries(pairs);
}
