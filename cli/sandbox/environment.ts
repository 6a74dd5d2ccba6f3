/** A file to source in the user's shell, so that the guide's commands work on the sandbox as printed. */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { shellQuote } from '../../model/shell-quote.ts';
import { findCommand } from '../../setup/programs.js';
import { ROOT } from '../lab.ts';
import { stateDirectory } from './state.ts';

/**
 * kubectl keeps what a server offers by its address; a later sandbox may get the same port, so each has a cache of its own, which goes
 * with the kubeconfig's folder.
 * @returns the path of the file.
 */
export function writeEnvironment(name: string, env: Readonly<Record<string, string>>): string {
  const { KUBECONFIG: kubeconfig } = env;
  const cache = kubeconfig === undefined ? {} : { KUBECACHEDIR: join(dirname(kubeconfig), 'kubectl-cache') };
  const lines = Object.entries({ ...cache, ...env }).map(([key, value]) => `export ${key}=${shellQuote(value)}`);
  if (findCommand('oc') === undefined) lines.push(withPath(join(ROOT, 'oc')));
  const file = join(stateDirectory(), `${name}.env`);
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 });
  return file;
}

/** Keeps the user's PATH and puts the folder before it, once, however often the file is sourced. */
function withPath(folder: string): string {
  const first = shellQuote(folder);
  return `case ":$PATH:" in *:${first}:*) ;; *) export PATH=${first}:"$PATH" ;; esac`;
}

/** The sandbox's CA certificate, for `oc login` in a shell that does not trust it yet. @returns its path. */
export function writeAuthority(name: string, kubeconfig: string): string {
  // The sandbox writes its kubeconfig as JSON, which includes the authority.
  const data = /"certificate-authority-data":\s*"([^"]*)"/.exec(readFileSync(kubeconfig, 'utf8'))?.[1] ?? '';
  const file = join(stateDirectory(), `${name}.crt`);
  writeFileSync(file, Buffer.from(data, 'base64'), { mode: 0o600 });
  return file;
}
