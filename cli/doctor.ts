/** `labwright doctor`: says what this machine, or a cluster, lacks. */
import { existsSync } from 'node:fs';
import { ClusterError } from '../kube/connection.ts';
import { loadLab } from '../steps/load.ts';
import { proxyOfEnvironment } from './certify/cluster.ts';
import { consoleFinding } from './doctor/console.ts';
import { controlPlaneFinding } from './doctor/control-plane.ts';
import { type Finding, renderFinding } from './doctor/finding.ts';
import { machineFindings } from './doctor/machine.ts';
import { namespaceFinding } from './doctor/namespaces.ts';
import { CliError, EXIT, type ExitCode } from './failure.ts';
import { findLab } from './lab.ts';
import { preflight } from './preflight/index.ts';

export interface DoctorOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
  /** The lab that the cluster should be fit for. */
  readonly lab: string;
  readonly proxy?: string;
  readonly adopt?: true;
  readonly json?: true;
}

/** @returns 3 if there is a problem. */
export async function doctor(options: DoctorOptions): Promise<ExitCode> {
  const { kubeconfig } = options;
  if (kubeconfig !== undefined && !existsSync(kubeconfig)) {
    throw new CliError(EXIT.usage, 'LW-NO-KUBECONFIG', `There is no file ${kubeconfig}.`);
  }
  const cluster = kubeconfig === undefined ? [] : look(kubeconfig, options);
  const sandbox = kubeconfig === undefined;
  const groups = await Promise.all([
    machineFindings(sandbox),
    sandbox ? namespaceFinding() : [],
    sandbox ? controlPlaneFinding() : [],
    sandbox ? consoleFinding() : [],
    cluster,
  ]);
  const findings: Finding[] = groups.flat();
  const problems = findings.filter((finding) => finding.level === 'problem').length;
  if (options.json === true) {
    console.log(JSON.stringify({ fit: problems === 0, findings }, undefined, 2));
  } else {
    for (const finding of findings) console.log(renderFinding(finding));
    console.log(
      problems === 0 ? '\nNothing is missing.' : `\n${problems === 1 ? 'One problem' : `${problems} problems`} to fix.`,
    );
  }
  return problems === 0 ? EXIT.certified : EXIT.notFit;
}

async function look(
  kubeconfig: string,
  { context, lab, adopt, ...options }: DoctorOptions,
): Promise<readonly Finding[]> {
  const proxy = options.proxy ?? proxyOfEnvironment();
  const choice = { kubeconfig, ...(context && { context }), ...(proxy && { proxy }), adopt: adopt === true };
  try {
    return (await preflight(loadLab(findLab(lab)), choice)).findings;
  } catch (error) {
    if (error instanceof ClusterError) throw new CliError(EXIT.usage, error.code, error.message, error.next);
    throw error;
  }
}
