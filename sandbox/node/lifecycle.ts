/** Hooks of a container's life: what `postStart` and `preStop` ask for. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { LifecycleHandler } from './kinds.ts';
import { type ProbeResult, type ProbeTarget, runProbe } from './probes.ts';

/** Resolves when the hook is done, or its time is over. */
export async function runHook(hook: LifecycleHandler, target: ProbeTarget, timeoutMs: number): Promise<ProbeResult> {
  if (hook.sleep !== undefined) {
    await sleep(Math.min(hook.sleep.seconds * 1000, timeoutMs));
    return { ok: true, message: '' };
  }
  return runProbe({ ...hook, timeoutSeconds: timeoutMs / 1000 }, target);
}
