/** The endpoints of an app that its proxy's agent serves: probes and metrics. Pure. */
import type { AgentOptions, AppTarget } from './agent-listeners.ts';
import type { Pod } from './model/kubernetes.ts';

interface HttpProbe {
  readonly httpGet?: { readonly path?: string; readonly port: number | string; readonly scheme?: string };
}
interface AppContainer {
  readonly name: string;
  readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
  readonly livenessProbe?: HttpProbe;
  readonly readinessProbe?: HttpProbe;
  readonly startupProbe?: HttpProbe;
}

const PROXY = 'istio-proxy';
const OWN_METRICS = 15_020;

export function appTargets(pod: Pod): Pick<AgentOptions, 'metrics' | 'probes'> {
  const containers: readonly AppContainer[] = pod.spec.containers.filter(({ name }) => name !== PROXY);
  const metrics = metricsOf(pod);
  return {
    ...(metrics === undefined ? {} : { metrics }),
    probes: Object.fromEntries(containers.flatMap(probesOf)),
  };
}

/** The probes, by their paths on Istio's agent. */
function probesOf(container: AppContainer): readonly (readonly [string, AppTarget])[] {
  const { name, livenessProbe, readinessProbe, startupProbe } = container;
  const all: readonly (readonly [string, HttpProbe | undefined])[] = [
    ['livez', livenessProbe],
    ['readyz', readinessProbe],
    ['startupz', startupProbe],
  ];
  return all.flatMap(([word, probe]): readonly (readonly [string, AppTarget])[] => {
    const { httpGet } = probe ?? {};
    const port = container.ports?.find((one) => one.name === httpGet?.port)?.containerPort ?? httpGet?.port;
    if (httpGet === undefined || typeof port !== 'number' || httpGet.scheme === 'HTTPS') return [];
    return [[`/app-health/${name}/${word}`, { port, path: httpGet.path ?? '/' }]];
  });
}

/** The endpoint in the Prometheus annotations. The proxy's own port is left out, because the proxy would request itself. */
function metricsOf({ metadata: { annotations = {} } }: Pod): AppTarget | undefined {
  const port = Number(annotations['prometheus.io/port'] ?? 80);
  if (annotations['prometheus.io/scrape'] !== 'true' || port === OWN_METRICS || !Number.isInteger(port))
    return undefined;
  return { port, path: annotations['prometheus.io/path'] ?? '/metrics' };
}
