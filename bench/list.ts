/** Listing many pods, as kubectl and every dashboard do. */
import { type Measurement, repeated, timed } from './measure.ts';
import { type Bench, NAMESPACE, withSandbox } from './sandbox.ts';

const PODS = 500;
const REPETITIONS = 20;
const AT_ONCE = 20;

export const list: Measurement = {
  name: 'list',
  compares: true,
  series: { pods: { what: `a list of ${PODS} pods`, unit: 'ms' } },
  run: (on) =>
    withSandbox(on, async (bench) => {
      const kind = await bench.kind('pod');
      for (let first = 0; first < PODS; first += AT_ONCE)
        await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => createPod(bench, `pod-${first + index}`)));
      const { signal } = new AbortController();
      const once = () => timed(() => bench.api.list(kind, { namespace: NAMESPACE }, signal));
      await once();
      return { pods: await repeated(REPETITIONS, once) };
    }),
};

/** No scheduler has this name, so the pods stay pending and only the API is measured. */
async function createPod({ api, kind }: Bench, name: string): Promise<void> {
  const containers = [{ name: 'main', image: 'none', env: [{ name: 'NAME', value: name }] }];
  const spec = { schedulerName: 'nobody', containers };
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: NAMESPACE, labels: { app: name } }, spec };
  await api.create(await kind('pod'), pod, NAMESPACE);
}
