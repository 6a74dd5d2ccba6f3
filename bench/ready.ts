/** How soon a `ready` step that already waits reacts to a change of its object. */
import { setTimeout as after } from 'node:timers/promises';
import { playOnCluster } from '../steps/index.ts';
import type { ReadyStep } from '../steps/ready.ts';
import type { Measurement } from './measure.ts';
import { type Bench, NAMESPACE, withSandbox } from './sandbox.ts';

const REPETITIONS = 50;
const NAME = 'reaction';

export const ready: Measurement = {
  name: 'ready',
  compares: true,
  series: { reaction: { what: 'ready: from sending an object’s change to the step’s end', unit: 'ms', limit: 10 } },
  run: (on) =>
    withSandbox(on, async (bench) => {
      const kind = await bench.kind('configmap');
      await bench.api.create(kind, configMap('0'), NAMESPACE);
      const figures: number[] = [];
      for (let turn = 1; turn <= REPETITIONS; turn += 1) figures.push(await react(bench, String(turn)));
      return { reaction: figures };
    }),
};

async function react({ api, kind, context }: Bench, turn: string): Promise<number> {
  const waiting = playOnCluster(waitFor(turn), context).then(() => performance.now());
  // Long enough for its watch to be open. The pause varies, so that it can't coincide with an interval of the step.
  await after(30 + Math.random() * 40);
  const changed = performance.now();
  await api.patch(await kind('configmap'), NAME, NAMESPACE, { data: { turn } });
  return (await waiting) - changed;
}

function configMap(turn: string): object {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: NAME, namespace: NAMESPACE }, data: { turn } };
}

function waitFor(turn: string): ReadyStep {
  return {
    verb: 'ready',
    at: { file: 'bench', line: 1, column: 1 },
    title: 'bench',
    yaml: '',
    target: { objects: [{ kind: 'configmap', name: NAME, namespace: NAMESPACE }] },
    until: `object.data.turn == "${turn}"`,
    within: 10_000,
  };
}
