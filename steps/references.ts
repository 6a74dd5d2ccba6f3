/** Objects as named in steps: `deployment/redis-master`. */
import type { ObjectNames } from '../language/schema.generated.ts';
import type { ObjectReference } from '../model/lab.ts';

export function referencesOf(names: ObjectNames, namespace: string | undefined): ObjectReference[] {
  return (Array.isArray(names) ? names : [names]).map((written) => {
    const slash = written.indexOf('/');
    return {
      kind: written.slice(0, slash),
      name: written.slice(slash + 1),
      ...(namespace === undefined ? {} : { namespace }),
    };
  });
}

export function namesOf(targets: readonly ObjectReference[]): string {
  return targets.map(({ kind, name }) => `${kind}/${name}`).join(', ');
}
