/** 50 pairs of the verb `apply` and an assertion on the object, in process and in an existing namespace. */
import type { JsonValue, Position } from '../model/lab.ts';
import type { ApplyStep } from '../steps/apply.ts';
import { playOnCluster } from '../steps/index.ts';
import type { ReadyStep } from '../steps/ready.ts';
import { type Measurement, timed } from './measure.ts';
import { NAMESPACE, withSandbox } from './sandbox.ts';

const PAIRS = 50;
const REPETITIONS = 7;
const at: Position = { file: 'bench', line: 1, column: 1 };

export const apply: Measurement = {
  name: 'apply',
  compares: true,
  series: { pairs: { what: `${PAIRS} pairs of apply and an assertion on the object`, unit: 'ms', limit: 500 } },
  run: (on) =>
    withSandbox(on, async ({ context }) => {
      const round = async (repetition: number) => {
        for (let pair = 0; pair < PAIRS; pair += 1) {
          const name = `round-${repetition}-${pair}`;
          await playOnCluster(applyStep(name), context);
          await playOnCluster(assertion(name), context);
        }
      };
      // Discovery is done and the connection is open, as in a lab after its first step.
      await round(-1);
      const figures: number[] = [];
      for (let repetition = 0; repetition < REPETITIONS; repetition += 1)
        figures.push(await timed(() => round(repetition)));
      return { pairs: figures };
    }),
};

const base = { at, title: 'bench', yaml: '' };

function applyStep(name: string): ApplyStep {
  const object: { readonly [key: string]: JsonValue } = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: NAMESPACE },
    data: { name },
  };
  return { ...base, verb: 'apply', manifests: [{ object, at }] };
}

function assertion(name: string): ReadyStep {
  return {
    ...base,
    verb: 'ready',
    target: { objects: [{ kind: 'configmap', name, namespace: NAMESPACE }] },
    expect: { kind: 'subset', subset: { data: { name } }, at },
    within: 10_000,
  };
}
