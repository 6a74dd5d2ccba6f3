/** Many changes, and a watch that must deliver all of them. */
import { type Measurement, repeated, timed } from './measure.ts';
import { type Bench, NAMESPACE, withSandbox } from './sandbox.ts';

const EVENTS = 1_000;
const REPETITIONS = 5;
const AT_ONCE = 10;

export const watch: Measurement = {
  name: 'watch',
  compares: true,
  series: { events: { what: `${EVENTS} new objects, until a watcher has seen the last`, unit: 'ms' } },
  run: (on) =>
    withSandbox(on, async (bench) => ({
      events: await repeated(REPETITIONS, (turn) => timed(() => createAndSee(bench, turn))),
    })),
};

async function createAndSee({ api, kind }: Bench, turn: number): Promise<void> {
  const configMap = await kind('configmap');
  const labels = { turn: String(turn) };
  const ending = new AbortController();
  const all = Promise.withResolvers<void>();
  let seen = 0;
  const watching = api.follow(
    configMap,
    { namespace: NAMESPACE, labelSelector: `turn=${turn}` },
    (changes) => {
      seen += changes.length;
      if (seen >= EVENTS) all.resolve();
    },
    ending.signal,
  );
  for (let first = 0; first < EVENTS; first += AT_ONCE) {
    const names = Array.from({ length: AT_ONCE }, (_, index) => `watched-${turn}-${first + index}`);
    await Promise.all(
      names.map((name) => {
        const metadata = { name, namespace: NAMESPACE, labels };
        return api.create(configMap, { apiVersion: 'v1', kind: 'ConfigMap', metadata }, NAMESPACE);
      }),
    );
  }
  await all.promise;
  ending.abort();
  await watching;
}
