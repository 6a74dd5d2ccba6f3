/**
 * Finds the real control plane on this machine: envtest's convention for Kubernetes, `LABWRIGHT_ISTIOD` for Istio, then what `npm
 * run build:real` built, then the PATH.
 */
import { join, resolve } from 'node:path';
import { findTool, isExecutable } from '../../runtime/programs.ts';
import type { ControlPlane } from '../../types.ts';
import { SandboxError } from '../error.ts';

export interface ApiPrograms {
  readonly etcd: string;
  readonly apiServer: string;
  readonly controllerManager: string;
}

export interface RealPrograms {
  readonly api?: ApiPrograms;
  /** Path of `pilot-discovery`. */
  readonly istiod?: string;
}

const BUILT = resolve(import.meta.dirname, '../../../.labwright/control-plane/bin');
const HOW = 'npm run build:real builds what is missing; npx labwright doctor says what that is';

/** @throws {SandboxError} `LW-SANDBOX-REAL` if a requested one is missing. */
export function findRealPrograms({ api, mesh }: ControlPlane): RealPrograms {
  return {
    ...(api === 'real' ? { api: apiPrograms() } : {}),
    ...(mesh === 'real' ? { istiod: requireIstiod() } : {}),
  };
}

/** The path of istiod, if this machine has it. @throws {SandboxError} if `LABWRIGHT_ISTIOD` names no program. */
export function findIstiod(): string | undefined {
  const named = process.env['LABWRIGHT_ISTIOD'];
  if (named === undefined || named === '') return findIn(BUILT, 'pilot-discovery') ?? findTool('pilot-discovery');
  if (isExecutable(named)) return resolve(named);
  throw new SandboxError('LW-SANDBOX-REAL', `LABWRIGHT_ISTIOD names ${named}, which is not an executable file.`, HOW);
}

function requireIstiod(): string {
  const found = findIstiod();
  if (found !== undefined) return found;
  const message = 'No istiod: LABWRIGHT_ISTIOD is not set and pilot-discovery is not on the PATH.';
  throw new SandboxError('LW-SANDBOX-REAL', message, HOW);
}

/** Each program's path, or undefined if this machine does not have it. */
export function findApiPrograms(): { readonly [name in keyof ApiPrograms]: string | undefined } {
  return {
    etcd: findAsset('etcd'),
    apiServer: findAsset('kube-apiserver'),
    controllerManager: findAsset('kube-controller-manager'),
  };
}

function apiPrograms(): ApiPrograms {
  const { etcd, apiServer, controllerManager } = findApiPrograms();
  if (etcd !== undefined && apiServer !== undefined && controllerManager !== undefined)
    return { etcd, apiServer, controllerManager };
  const missing = [
    ...(etcd === undefined ? ['etcd'] : []),
    ...(apiServer === undefined ? ['kube-apiserver'] : []),
    ...(controllerManager === undefined ? ['kube-controller-manager'] : []),
  ].join(', ');
  const assets = process.env['KUBEBUILDER_ASSETS'];
  const looked = assets === undefined ? 'KUBEBUILDER_ASSETS is not set' : `KUBEBUILDER_ASSETS is ${assets}`;
  throw new SandboxError('LW-SANDBOX-REAL', `The real control plane lacks ${missing}; ${looked}.`, HOW);
}

function findAsset(name: string): string | undefined {
  const assets = process.env['KUBEBUILDER_ASSETS'];
  const named = assets === undefined || assets === '' ? undefined : findIn(resolve(assets), name);
  return named ?? findIn(BUILT, name) ?? findTool(name);
}

function findIn(directory: string, name: string): string | undefined {
  const path = join(directory, name);
  return isExecutable(path) ? path : undefined;
}
