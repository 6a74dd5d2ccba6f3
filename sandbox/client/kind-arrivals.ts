/** Tells informers when a kind's CustomResourceDefinition comes, so that they need not ask for it again and again. */
import { groupOf } from '../../model/api-version.ts';
import { type AwaitKind, type Informer, pauseFor } from './informer.ts';
import type { CustomResourceDefinition } from './kinds.ts';

/** Of kinds that are defined already but not served yet: the API server takes a moment. */
const DEFINED_PAUSE_MS = 100;

/** @param definitions an informer of CustomResourceDefinitions, started. */
export function kindArrivals(definitions: Informer<CustomResourceDefinition>): AwaitKind {
  const waiting = new Map<string, Set<() => void>>();
  definitions.onChange(({ object }) => {
    for (const wake of waiting.get(object.metadata.name) ?? []) wake();
  });
  return async (resource, milliseconds, signal) => {
    const name = `${resource.plural}.${groupOf(resource.apiVersion)}`;
    if (definitions.get(name) !== undefined) {
      await pauseFor(Math.min(milliseconds, DEFINED_PAUSE_MS), signal);
      return false;
    }
    const came = new AbortController();
    const wake = () => came.abort();
    const others = waiting.get(name) ?? new Set();
    waiting.set(name, others.add(wake));
    await pauseFor(milliseconds, AbortSignal.any([signal, came.signal]));
    others.delete(wake);
    return came.signal.aborted;
  };
}
