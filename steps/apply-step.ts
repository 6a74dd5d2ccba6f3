/** The step of the verb `apply`. */
import { matchObject } from '../expect/object.ts';
import type { ApiObject } from '../kube/types.ts';
import type { Manifest, ObjectExpectation, Step } from '../model/lab.ts';
import { StepFailure } from './failure.ts';

export interface ApplyStep extends Step {
  readonly verb: 'apply';
  readonly manifests: readonly Manifest[];
  /** A subset that the object returned by the server must match. */
  readonly expect?: ObjectExpectation;
}

/** @throws {StepFailure} `LW-EXPECT-OBJECT` if the object differs from the step's `expect`. */
export function expectObject({ expect }: ApplyStep, object: ApiObject): void {
  const mismatch = expect === undefined ? undefined : matchObject(expect, object);
  if (mismatch === undefined) return;
  const { message, expected, actual, at } = mismatch;
  throw new StepFailure({ code: 'LW-EXPECT-OBJECT', message, expected, actual, at }, { blocks: false });
}

/** @throws {StepFailure} `LW-APPLY-REFUSED` if the manifest lacks one of them. */
export function identityOf(
  manifest: Manifest,
  step: ApplyStep,
): { apiVersion: string; kind: string; name: string; namespace?: string } {
  const { apiVersion, kind, metadata } = manifest.object;
  if (
    typeof apiVersion === 'string' &&
    typeof kind === 'string' &&
    typeof metadata === 'object' &&
    metadata !== null &&
    'name' in metadata &&
    typeof metadata.name === 'string'
  ) {
    const namespace =
      'namespace' in metadata && typeof metadata.namespace === 'string' ? { namespace: metadata.namespace } : {};
    return { apiVersion, kind, name: metadata.name, ...namespace };
  }
  throw new StepFailure({
    code: 'LW-APPLY-REFUSED',
    message: 'a manifest needs apiVersion, kind and metadata.name',
    actual: JSON.stringify(manifest.object).slice(0, 200),
    at: step.at,
  });
}
