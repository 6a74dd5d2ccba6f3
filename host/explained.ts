/** Adds to a failure what its reader would check next: inconsistencies in the shell's current project. */
import { analyze } from '../kube/analysis/index.ts';
import type { Failure } from '../model/evidence.ts';
import type { Environment } from './environment.ts';

const LONGEST_MS = 10_000;
/** More would hide the failure. */
const MOST = 8;

/** Never rejects: if the cluster can't be queried, nothing is added. */
export async function explained(failure: Failure, { api, terminal }: Environment): Promise<Failure> {
  const findings = await Promise.race([found(api, terminal), timeout()]).catch(() => undefined);
  if (findings === undefined || findings.lines.length === 0) return failure;
  const more = findings.lines.length > MOST ? [`and ${findings.lines.length - MOST} more`] : [];
  const text = [...findings.lines.slice(0, MOST), ...more].join('\n');
  const details = [...(failure.details ?? []), { title: `Inconsistent in project ${findings.project}`, text }];
  return { ...failure, details };
}

async function found(
  api: Environment['api'],
  terminal: Environment['terminal'],
): Promise<{ readonly project: string; readonly lines: readonly string[] }> {
  const project = await terminal.namespace();
  return { project, lines: await analyze(api, project) };
}

function timeout(): Promise<undefined> {
  return new Promise((resolve) => {
    setTimeout(resolve, LONGEST_MS, undefined).unref();
  });
}
