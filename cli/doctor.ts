/** `labwright doctor`: what this machine, and a cluster, lack. */
import { existsSync } from 'node:fs';
import { clusterFindings } from './doctor/cluster.ts';
import { controlPlaneFinding } from './doctor/control-plane.ts';
import { type Finding, renderFinding } from './doctor/finding.ts';
import { machineFindings } from './doctor/machine.ts';
import { namespaceFinding } from './doctor/namespaces.ts';
import { CliError, EXIT, type ExitCode } from './failure.ts';

export interface DoctorOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly json?: true;
}

/** @returns 3 when something is a problem. */
export async function doctor(options: DoctorOptions): Promise<ExitCode> {
  const { kubeconfig, context } = options;
  if (kubeconfig !== undefined && !existsSync(kubeconfig)) {
    throw new CliError(EXIT.usage, 'LW-NO-KUBECONFIG', `There is no file ${kubeconfig}.`);
  }
  const cluster =
    kubeconfig === undefined ? [] : clusterFindings({ kubeconfig, ...(context === undefined ? {} : { context }) });
  const sandbox = kubeconfig === undefined;
  const groups = await Promise.all([
    machineFindings(sandbox),
    sandbox ? namespaceFinding() : [],
    sandbox ? controlPlaneFinding() : [],
    cluster,
  ]);
  const findings: Finding[] = groups.flat();
  const problems = findings.filter((finding) => finding.level === 'problem').length;
  if (options.json === true) {
    console.log(JSON.stringify({ fit: problems === 0, findings }, undefined, 2));
  } else {
    for (const finding of findings) console.log(renderFinding(finding));
    console.log(
      problems === 0
        ? '\nNothing is missing.'
        : `\n${problems === 1 ? 'One problem' : `${problems} problems`} to mend.`,
    );
  }
  return problems === 0 ? EXIT.certified : EXIT.notFit;
}
