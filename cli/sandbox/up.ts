/** `labwright sandbox up`: in the foreground until ctrl-C, or in the background with `--detach`. */

import { HostClient } from '../../host/process/client.ts';
import type { ControlPlaneName } from '../../host/process/control-plane.ts';
import { type Host, launchHost } from '../../host/process/launch.ts';
import type { SessionInfo } from '../../host/process/protocol.ts';
import { CliError, EXIT, type ExitCode } from '../failure.ts';
import { findLab, sectionFile } from '../lab.ts';
import { printProblems } from '../validate.ts';
import { writeAuthority, writeEnvironment } from './environment.ts';
import { checkName, readState, removeState, writeState } from './state.ts';

export interface UpOptions {
  readonly name: string;
  readonly lab: string;
  readonly at?: string;
  readonly detach?: true;
  readonly json?: true;
  readonly release?: string;
  readonly controlPlane?: ControlPlaneName;
}

/** What `up --json` prints. */
export interface SandboxFacts {
  readonly server: string;
  readonly token: string;
  /** Of the same user, `admin`. */
  readonly password: string;
  readonly developerPassword: string;
  readonly kubeconfig: string;
  /** Of a user without administrator rights. */
  readonly developerKubeconfig: string;
  readonly proxy: string;
  readonly appsDomain: string;
  /** Address of the web console, if `LABWRIGHT_CONSOLE` names one. */
  readonly console?: string;
  /** Process whose end stops the sandbox. */
  readonly pid: number;
}

type Sandbox = SandboxFacts & { readonly env: Readonly<Record<string, string>> };

export async function up(options: UpOptions): Promise<ExitCode> {
  checkName(options.name);
  const other = readState(options.name);
  if (other !== undefined) {
    const next = `npx labwright sandbox down --name ${options.name}, or another --name`;
    const message = `A sandbox named ${options.name} is already running (process ${other.holder}).`;
    throw new CliError(EXIT.usage, 'LW-SANDBOX-UP', message, next);
  }
  const lab = findLab(options.lab);
  const section = options.at === undefined ? undefined : sectionFile(lab, options.at);
  if (!printProblems(lab)) return EXIT.usage;
  const signalled = new Promise<'signal'>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve('signal'));
  });
  const { controlPlane, release } = options;
  const host = await launchHost({
    ...(release === undefined ? {} : { release }),
    ...(controlPlane === undefined ? {} : { controlPlane }),
  });
  try {
    const sandbox = await Promise.race([bringUp(host, options, lab, section), signalled]);
    if (sandbox === 'signal') return EXIT.interrupted;
    return await keep(host, options, sandbox, signalled);
  } finally {
    if (options.detach !== true || readState(options.name) === undefined) await host.stop();
  }
}

/** Starts the sandbox in the host process and, if a section is given, plays everything before it. */
async function bringUp(host: Host, options: UpOptions, lab: string, section: string | undefined): Promise<Sandbox> {
  const client = await HostClient.connect(host.socket);
  try {
    const session = { project: options.name, lab };
    const info = await client.request('open', session);
    if (section !== undefined) {
      if (options.json !== true) console.error(`Playing the lab up to section ${options.at} …`);
      const entry = await client.request('enter', { ...session, file: section, exercise: 0 });
      if (entry.state === 'blocked') {
        const message = `Section ${options.at} can’t be reached: ${entry.by}: ${entry.failure.message}`;
        throw new CliError(EXIT.labFailed, entry.failure.code, message, 'npx labwright certify');
      }
    }
    return sandboxOf(info);
  } finally {
    client.close();
  }
}

function sandboxOf(info: SessionInfo): Sandbox {
  if (info.sandbox === undefined || info.proxy === undefined) throw new Error('the host opened no sandbox');
  const { token, password, developerPassword, appsDomain, pid, env, developerKubeconfig } = info.sandbox;
  const { cluster, kubeconfig, proxy, console } = info;
  const users = { token, password, developerPassword, developerKubeconfig };
  const web = { proxy, appsDomain, ...(console === undefined ? {} : { console }) };
  return { server: cluster.server, ...users, kubeconfig, ...web, pid, env };
}

/** Records the sandbox, prints how to reach it, and holds it until a signal, or lets it run in the background. */
async function keep(host: Host, options: UpOptions, sandbox: Sandbox, signalled: Promise<'signal'>): Promise<ExitCode> {
  const { name } = options;
  const { server, kubeconfig, proxy } = sandbox;
  const environment = writeEnvironment(name, sandbox.env);
  const holder = options.detach === true ? host.pid : process.pid;
  writeState({ name, holder, sandbox: sandbox.pid, server, kubeconfig, proxy });
  print(options, sandbox, environment);
  if (options.detach === true) {
    await host.detach();
    return EXIT.certified;
  }
  const client = await HostClient.connect(host.socket);
  try {
    // The answer comes only when it ends, with the reason.
    await Promise.race([client.request('lost', { project: name, lab: findLab(options.lab) }), signalled]);
    return EXIT.certified;
  } finally {
    client.close();
    removeState(name);
  }
}

function print(options: UpOptions, sandbox: Sandbox, environment: string): void {
  const { env: _inTheFile, ...facts } = sandbox;
  if (options.json === true) {
    console.log(JSON.stringify(facts));
    return;
  }
  const authority = writeAuthority(options.name, facts.kubeconfig);
  const end =
    options.detach === true ? `npx labwright sandbox down --name ${options.name} stops it.` : 'ctrl-C stops it.';
  console.log(`The sandbox ${options.name} is running.

  a shell      . ${environment}
               sets KUBECONFIG and the proxy, adds oc if there is none, and points the guide’s git clone to local copies
  log in       oc login --token=${facts.token} --server=${facts.server} --certificate-authority=${authority}
               as admin with the password ${facts.password}, as developer with ${facts.developerPassword}
  kubeconfig   ${facts.kubeconfig}, of an administrator
               ${facts.developerKubeconfig}, of developer, who is none
  a browser    set its HTTP proxy to ${facts.proxy.replace('http://', '')}, for http://<route>.${facts.appsDomain}${facts.console === undefined ? '' : `\n  web console  ${facts.console}, without a login`}

${end}`);
}
