/** `labwright sandbox up`: in the foreground until ctrl-C, or left behind with `--detach`. */
import { join } from 'node:path';
import { startSandbox } from '../../sandbox/index.ts';
import type { Sandbox } from '../../sandbox/types.ts';
import { CliError, EXIT, type ExitCode } from '../failure.ts';
import { findLab } from '../lab.ts';
import { outliveParent } from '../parent.ts';
import { detach } from './detach.ts';
import { checkName, readState, removeState, writeState } from './state.ts';

export interface UpOptions {
  readonly name: string;
  readonly lab: string;
  readonly at?: string;
  readonly detach?: true;
  readonly json?: true;
  /** Set by {@link detach}: this process is the one left behind. */
  readonly behind?: true;
}

/** What `up --json` prints. */
export interface SandboxFacts {
  readonly server: string;
  readonly token: string;
  readonly kubeconfig: string;
  readonly proxy: string;
  readonly appsDomain: string;
  /** Process whose end ends the sandbox. */
  readonly pid: number;
}

export async function up(options: UpOptions): Promise<ExitCode> {
  checkName(options.name);
  const other = readState(options.name);
  if (other !== undefined) {
    const next = `npx labwright sandbox down --name ${options.name}, or another --name`;
    throw new CliError(
      EXIT.usage,
      'LW-SANDBOX-UP',
      `A sandbox named ${options.name} is up already (process ${other.holder}).`,
      next,
    );
  }
  const lab = findLab(options.lab);
  if (options.detach === true && options.behind !== true) {
    print(options, await detach(options), 'npx labwright sandbox down ends it.');
    return EXIT.certified;
  }
  return await hold(options, lab);
}

/** Keeps the sandbox up until a signal, or until it ends by itself. */
async function hold(options: UpOptions, lab: string): Promise<ExitCode> {
  const signalled = new Promise<'signal'>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve('signal'));
  });
  const starting = startSandbox({ name: options.name, images: [join(lab, 'images.yaml')] });
  const first = await Promise.race([starting, signalled]);
  const sandbox = await starting;
  try {
    if (first === 'signal') return EXIT.interrupted;
    const facts = factsOf(sandbox);
    const { server, kubeconfig, proxy } = facts;
    writeState({ name: options.name, holder: process.pid, server, kubeconfig, proxy });
    if (options.behind === true) {
      await new Promise((resolve) => process.send?.(facts, resolve));
      outliveParent();
    } else {
      print(options, facts, 'ctrl-C ends it.');
    }
    const end = await Promise.race([sandbox.ended, signalled]);
    if (end === 'signal') return EXIT.certified;
    throw new CliError(EXIT.notFit, 'LW-SANDBOX-ENDED', `The sandbox ended by itself: ${end.reason}\n${end.log}`);
  } finally {
    removeState(options.name);
    await sandbox.stop();
  }
}

function factsOf(sandbox: Sandbox): SandboxFacts {
  const { server, token, kubeconfig, proxy, appsDomain, pid } = sandbox;
  return { server, token, kubeconfig, proxy, appsDomain, pid };
}

function print(options: UpOptions, facts: SandboxFacts, end: string): void {
  if (options.json === true) {
    console.log(JSON.stringify(facts));
    return;
  }
  console.log(`The sandbox ${options.name} is up.

  log in      oc login --token=${facts.token} --server=${facts.server} --insecure-skip-tls-verify
  or          export KUBECONFIG=${facts.kubeconfig}
  a browser   set its HTTP proxy to ${facts.proxy.replace('http://', '')}, for http://<route>.${facts.appsDomain}
  curl        export http_proxy=${facts.proxy}

${end}`);
}
