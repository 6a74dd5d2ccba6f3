/** Whether and when a container that has exited runs again, as kubelets decide it. */
import type { ContainerRole } from './container-types.ts';

const FIRST_BACK_OFF = 10_000;
const LONGEST_BACK_OFF = 300_000;
/** A container that ran this long restarts with the shortest delay. */
const FORGIVEN_AFTER = 600_000;

/** @param podPolicy the `restartPolicy` of the pod. */
export function isRestarted(role: ContainerRole, podPolicy: string, exitCode: number): boolean {
  const policy = policyOf(role, podPolicy);
  return policy === 'Always' || (policy === 'OnFailure' && exitCode !== 0);
}

function policyOf(role: ContainerRole, podPolicy: string): string {
  if (role === 'sidecar') return 'Always';
  if (role === 'ephemeral') return 'Never';
  return role === 'init' && podPolicy === 'Always' ? 'OnFailure' : podPolicy;
}

/** The delays before a container's restarts: none the first time, then growing ones. */
export class BackOff {
  #next = 0;

  /** @param ranMs how long the container ran. @returns milliseconds until it is to run again. */
  after(ranMs: number): number {
    if (ranMs > FORGIVEN_AFTER) this.#next = 0;
    const delay = this.#next;
    this.#next = Math.min(Math.max(FIRST_BACK_OFF, this.#next * 2), LONGEST_BACK_OFF);
    return delay;
  }
}

/** Milliseconds until a container that could not be started is tried again. */
export const START_AGAIN_AFTER = FIRST_BACK_OFF;
