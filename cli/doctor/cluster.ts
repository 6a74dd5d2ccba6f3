/** Whether a cluster is fit for the lab, seen only through its kubeconfig. */
import { execa } from 'execa';
import { type Finding, ok, problem, warning } from './finding.ts';

export interface ClusterChoice {
  readonly kubeconfig: string;
  readonly context?: string;
}

const OLDEST_OPENSHIFT = [4, 6] as const;
const WORKERS = 3;
const CORES = 4;
/** A machine sold with 16 GB reports slightly less. */
const MEMORY_GIB = 15;

/** Findings about the cluster; only the first one if it can't be reached. */
export async function clusterFindings(choice: ClusterChoice): Promise<Finding[]> {
  const reach = await reachFinding(choice);
  if (reach.level === 'problem') return [reach];
  return [reach, ...(await Promise.all([openshiftFinding(choice), workersFinding(choice)]))];
}

async function reachFinding(choice: ClusterChoice): Promise<Finding> {
  const answer = await kubectl(choice, ['get', '--raw', '/apis/user.openshift.io/v1/users/~']);
  if (answer.exitCode === 0) return ok('cluster', `The cluster answers, as user ${userName(answer.stdout)}`);
  const why = 'every command of the guide uses it';
  const said = answer.stderr.trim().split('\n').at(-1) ?? '';
  if (/Unauthorized|must be logged in/i.test(said)) {
    return problem('cluster', 'The cluster refuses the token', why, 'oc login <server> with a new token');
  }
  if (/NotFound|could not find the requested resource/i.test(said)) {
    return problem(
      'cluster',
      'The cluster answers, but it is not OpenShift',
      why,
      'use a kubeconfig of an OpenShift cluster',
    );
  }
  if (/Forbidden/i.test(said)) return ok('cluster', 'The cluster answers');
  return problem(
    'cluster',
    `The cluster can’t be reached: ${said}`,
    why,
    `KUBECONFIG=${choice.kubeconfig} kubectl version`,
  );
}

async function openshiftFinding(choice: ClusterChoice): Promise<Finding> {
  const answer = await kubectl(choice, [
    'get',
    'clusterversion',
    'version',
    '-o',
    'jsonpath={.status.desired.version}',
  ]);
  const [major = 0, minor = 0] = answer.stdout.split('.').map(Number);
  const why = 'section 1: the guide requires OpenShift 4.6 or newer';
  if (answer.exitCode !== 0)
    return warning('openshift', 'The OpenShift version can’t be read', why, 'use a user who may read clusterversions');
  const fits = major > OLDEST_OPENSHIFT[0] || (major === OLDEST_OPENSHIFT[0] && minor >= OLDEST_OPENSHIFT[1]);
  if (fits) return ok('openshift', `OpenShift ${answer.stdout}`);
  return problem('openshift', `OpenShift ${answer.stdout} is too old`, why, 'oc adm upgrade');
}

async function workersFinding(choice: ClusterChoice): Promise<Finding> {
  const columns = '{range .items[*]}{.metadata.name} {.status.capacity.cpu} {.status.capacity.memory}{"\\n"}{end}';
  const answer = await kubectl(choice, [
    'get',
    'nodes',
    '-l',
    'node-role.kubernetes.io/worker',
    '-o',
    `jsonpath=${columns}`,
  ]);
  const why = `section 1: the guide requires ${WORKERS} workers with ${CORES} cores and 16 GB each`;
  if (answer.exitCode !== 0)
    return warning('workers', 'The nodes can’t be listed', why, 'use a user who may list nodes');
  const workers = answer.stdout
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(workerOf);
  const fit = workers.filter((worker) => worker.cores >= CORES && worker.gib >= MEMORY_GIB);
  const what = `${workers.length} workers, ${fit.length} of them with at least ${CORES} cores and 16 GB`;
  return fit.length >= WORKERS
    ? ok('workers', what)
    : problem('workers', what, why, 'oc scale machineset, or a larger machine type');
}

/** @param line `name 4 16Gi` */
export function workerOf(line: string): { cores: number; gib: number } {
  const [, cpu = '', memory = ''] = line.trim().split(/\s+/);
  const cores = cpu.endsWith('m') ? Number.parseInt(cpu, 10) / 1000 : Number(cpu);
  const unit: Readonly<Record<string, number>> = { Ki: 2 ** -20, Mi: 2 ** -10, Gi: 1, Ti: 1024, '': 2 ** -30 };
  const [, digits = '0', suffix = ''] = /^(\d+)(\D*)$/.exec(memory) ?? [];
  return { cores, gib: Number(digits) * (unit[suffix] ?? 0) };
}

function userName(json: string): string {
  return /"name":\s*"([^"]+)"/.exec(json)?.[1] ?? '?';
}

function kubectl(choice: ClusterChoice, args: readonly string[]) {
  const context = choice.context === undefined ? [] : ['--context', choice.context];
  const all = ['--kubeconfig', choice.kubeconfig, ...context, '--request-timeout=10s', ...args];
  return execa('kubectl', all, { reject: false, timeout: 30_000 });
}
