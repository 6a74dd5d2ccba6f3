/** Runs the commands of a case in a shell, one after the other, in a namespace of their own. */
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { execa } from 'execa';
import type { Sandbox } from '../../../sandbox/index.ts';
import type { Kubectl } from '../../support/kubectls.ts';

const HERE = import.meta.dirname;
const OC = join(HERE, '..', '..', '..', 'oc');
/** No command here takes longer, so one that does hangs. */
const TIMEOUT_MS = 120_000;

export interface Said {
  readonly exitCode: number;
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
}

export interface Case {
  readonly name: string;
  readonly commands: readonly string[];
}

export function readCases(): Case[] {
  const files = readdirSync(join(HERE, 'cases')).sort();
  return files.map((file) => ({
    name: basename(file, '.txt'),
    commands: readFileSync(join(HERE, 'cases', file), 'utf8')
      .trim()
      .split('\n'),
  }));
}

/** @returns what each command printed, in order. */
export async function play(sandbox: Sandbox, kubectl: Kubectl, { name, commands }: Case): Promise<Said[]> {
  const directory = mkdtempSync(join(tmpdir(), 'labwright-commands-'));
  // The previous kubectl's namespace may still be terminating.
  const namespace = `cmd-${name}-${kubectl.version.replace(/\D/g, '')}`;
  const kubeconfig = join(directory, 'kubeconfig');
  copyFileSync(sandbox.kubeconfig, kubeconfig);
  const { PATH = '' } = process.env;
  const env = {
    PATH: [OC, dirname(kubectl.program), PATH].join(':'),
    KUBECONFIG: kubeconfig,
    HOME: directory,
    NAMESPACE: namespace,
  };
  const shell = async (command: string): Promise<Said> => {
    const options = {
      shell: '/bin/bash',
      env,
      extendEnv: false,
      cwd: HERE,
      reject: false,
      timeout: TIMEOUT_MS,
    } as const;
    const { exitCode = -1, stdout, stderr } = await execa(command, { ...options, stdin: 'ignore' });
    return { exitCode, stdout: lines(stdout, namespace), stderr: lines(stderr, namespace) };
  };
  try {
    await shell(
      `kubectl create namespace ${namespace} && kubectl config set-context --current --namespace=${namespace}`,
    );
    // A namespace gets its service account and certificates a moment later.
    await shell(
      'until kubectl get serviceaccount default && kubectl get configmap kube-root-ca.crt; do sleep 0.2; done',
    );
    const said: Said[] = [];
    for (const command of commands) said.push(await shell(command));
    return said;
  } finally {
    await shell(`kubectl delete namespace ${namespace} --wait=false`);
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Replaces values that change on every run. Runs of spaces are not compared: a column is as wide as its longest entry. */
function lines(text: string, namespace: string): string[] {
  const plain = text
    .replaceAll(namespace, '{ns}')
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '{uid}')
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '{time}')
    .replaceAll(/resourceVersion: "\d+"/g, 'resourceVersion: "{version}"')
    .replaceAll(/("resourceVersion": )"\d+"/g, '$1"{version}"')
    .replaceAll(/https:\/\/127\.0\.0\.1:\d+/g, '{server}')
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+0000 UTC/g, '{time}')
    .replaceAll(/pod-template-hash=\w+/g, 'pod-template-hash={hash}')
    .replaceAll(/\b\d+\.\d+\.\d+\.\d+\b/g, '{ip}')
    .replaceAll(/\b(made)-[a-z0-9]{5}\b/g, '$1-{random}')
    .replaceAll(/-[0-9a-f]{8,10}(-[a-z0-9]{5})?\b/g, '-{hash}')
    .replaceAll(/:3\d{4}\b/g, ':{nodePort}')
    .replaceAll(/\/tmp\/(LIVE|MERGED)-\d+/g, '/tmp/$1-{random}')
    .replaceAll(/(?<=\s)\d+(\.\d+)?m?s\b/g, '{age}')
    .replaceAll(/^[EIW]\d{4} \d\d:\d\d:\d\d\.\d+ +\d+ /gm, '{log} ');
  return plain
    .split('\n')
    .map((line) => line.trimEnd().replaceAll(/(?<=\S) {2,}/g, '  '))
    .filter((line) => line !== '');
}
