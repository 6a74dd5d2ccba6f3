#!/usr/bin/env node
/**
 * `npm run build:real`: builds the real control plane for `--control-plane real` and `npm run test:real`, from public Go modules:
 * kube-apiserver, kube-controller-manager, their kubectl and istiod, and the real `oc` from its public source. etcd comes from
 * Debian. Programs that exist already, in `KUBEBUILDER_ASSETS`, `LABWRIGHT_ISTIOD` or on the PATH, are not built; kubectl is, since
 * the tests want the server's version.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installDebian, rootPrefix } from './debian.js';
import { findCommand } from './programs.js';
import { buildOc } from './real-oc.js';
import { run, SetupError } from './run.js';

const ROOT = join(import.meta.dirname, '..');
/** `sandbox/boot/real/programs.ts` looks in the same place. */
const BIN = join(ROOT, '.labwright', 'control-plane', 'bin');
const KUBERNETES = 'v1.34.2';
/** Istio tags releases outside the Go module's version scheme; this is the version that the recorded facts come from. */
const ISTIO = 'v0.0.0-20260827124520-eed52ebb66ad';
const PROGRAMS = ['kube-apiserver', 'kube-controller-manager', 'kubectl'];

const say = (line) => process.stderr.write(`real control plane: ${line}\n`);

/** @throws {SetupError} */
export async function buildControlPlane() {
  mkdirSync(BIN, { recursive: true });
  const assets = process.env.KUBEBUILDER_ASSETS;
  const has = (name) =>
    existsSync(join(BIN, name)) ||
    (assets && existsSync(join(assets, name))) ||
    (name !== 'kubectl' && findCommand(name));
  const kubernetes = PROGRAMS.filter((name) => !has(name));
  const istio = !process.env.LABWRIGHT_ISTIOD && !has('pilot-discovery');
  if (!has('etcd')) await installEtcd();
  const oc = !has('oc');
  if (kubernetes.length === 0 && !istio && !oc) return;
  const go = requireGo();
  const names = [...kubernetes, ...(istio ? ['istiod'] : []), ...(oc ? ['oc'] : [])].join(', ');
  say(
    `building ${names}: about ${kubernetes.length * 2 + (istio ? 3 : 0) + (oc ? 6 : 0)} minutes on 2 cores, 2 GB of Go modules, once`,
  );
  if (kubernetes.length > 0) await buildKubernetes(go, kubernetes);
  if (istio) await buildIstiod(go);
  if (oc) await buildOrGoWithout(go);
}

/** The lab also runs with the stand-in, so a machine that can't have the real one continues. */
async function buildOrGoWithout(go) {
  try {
    await buildOc(go, join(ROOT, '.labwright', 'control-plane'), join(BIN, 'oc'));
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(`continuing without the real oc: ${error.message}`);
  }
}

async function installEtcd() {
  const prefix = findCommand('apt-get') ? rootPrefix() : undefined;
  if (!prefix) throw new SetupError('etcd is missing. Run: sudo apt-get install -y etcd-server');
  say('installing etcd-server, the store of kube-apiserver');
  await installDebian(['etcd-server'], prefix);
}

/** @returns the path of Go. @throws {SetupError} */
function requireGo() {
  const go = findCommand('go') ?? findCommand('/usr/local/go/bin/go');
  if (!go)
    throw new SetupError('Go is missing: the real control plane is built from source. Install Go 1.24 or newer.');
  return go;
}

/** The module replaces its own parts by folders of its repository; here they are replaced by the versions published with it. */
async function buildKubernetes(go, programs) {
  const source = join(ROOT, '.labwright', 'control-plane', 'kubernetes');
  mkdirSync(source, { recursive: true });
  const env = { ...process.env, CGO_ENABLED: '0', GOFLAGS: '-mod=mod' };
  const at = { cwd: source, env };
  const downloaded = spawnSync(go, ['mod', 'download', '-json', `k8s.io/kubernetes@${KUBERNETES}`], at);
  if (downloaded.status !== 0) throw new SetupError(`go mod download failed: ${downloaded.stderr}`);
  const module = readFileSync(JSON.parse(String(downloaded.stdout)).GoMod, 'utf8');
  const published = KUBERNETES.replace('v1.', 'v0.');
  const parts = [...module.matchAll(/^\s*(k8s\.io\/[a-z-]+) => \.\/staging/gm)].map((match) => match[1]);
  const lines = [
    'module control-plane',
    'go 1.24.0',
    `require k8s.io/kubernetes ${KUBERNETES}`,
    ...parts.map((part) => `replace ${part} => ${part} ${published}`),
    ...PROGRAMS.map((program) => `tool k8s.io/kubernetes/cmd/${program}`),
  ];
  writeFileSync(join(source, 'go.mod'), `${lines.join('\n\n')}\n`);
  await run(go, ['mod', 'tidy'], at);
  const [major, minor] = KUBERNETES.slice(1).split('.');
  const version = 'k8s.io/component-base/version';
  const flags = [`gitVersion=${KUBERNETES}`, `gitMajor=${major}`, `gitMinor=${minor}`].map(
    (one) => `-X ${version}.${one}`,
  );
  for (const program of programs) {
    const made = join(source, program);
    await run(
      go,
      ['build', '-trimpath', '-ldflags', `-s -w ${flags.join(' ')}`, '-o', made, `k8s.io/kubernetes/cmd/${program}`],
      at,
    );
    // Completely or not at all: an interrupted build must not look like a program.
    renameSync(made, join(BIN, program));
  }
}

async function buildIstiod(go) {
  const env = { ...process.env, CGO_ENABLED: '0', GOBIN: BIN };
  await run(go, ['install', '-trimpath', '-ldflags', '-s -w', `istio.io/istio/pilot/cmd/pilot-discovery@${ISTIO}`], {
    env,
  });
}

if (process.argv[1] === import.meta.filename) {
  try {
    await buildControlPlane();
    say('ready: npx labwright certify --control-plane real');
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(`not complete.\n\n${error.message}  (LW-SETUP)`);
    process.exitCode = 3;
  }
}
