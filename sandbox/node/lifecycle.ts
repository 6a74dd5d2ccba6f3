/** Life-cycle hooks of a container: `postStart` and `preStop`. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { LifecycleHandler } from './kinds.ts';
import type { ProbeResult } from './probe-result.ts';
import { type ProbeTarget, runProbe } from './probes.ts';

/** Resolves when the hook has finished or timed out. */
export async function runHook(hook: LifecycleHandler, target: ProbeTarget, timeoutMs: number): Promise<ProbeResult> {
  if (hook.sleep !== undefined) {
    await sleep(Math.min(hook.sleep.seconds * 1000, timeoutMs));
    return { ok: true, message: '' };
  }
  return runProbe({ ...hook, timeoutSeconds: timeoutMs / 1000 }, target);
}
