/** `/metrics` in the Prometheus text format: the metrics that dashboards of kube-apiserver use first. */
import type { Store } from '../storage/store.ts';

const counts = new WeakMap<Store, Map<string, number>>();

export interface Answered {
  readonly verb: string;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly code: number;
}

/** Counts an answered request. */
export function countRequest(store: Store, { verb, group, version, resource, code }: Answered): void {
  const labels = `code="${code}",group="${group}",resource="${resource}",verb="${verb}",version="${version}"`;
  const own = counts.get(store) ?? new Map<string, number>();
  counts.set(store, own.set(labels, (own.get(labels) ?? 0) + 1));
}

export function metricsText(store: Store, gitVersion: string): string {
  const usage = process.cpuUsage();
  const requests = [...(counts.get(store) ?? [])].map(
    ([labels, count]) => `apiserver_request_total{${labels}} ${count}`,
  );
  const objects = store.storages().map((storage) => {
    const [group = '', resource = ''] = storage.split('/');
    const name = group === '' ? resource : `${resource}.${group}`;
    return `apiserver_storage_objects{resource="${name}"} ${store.list(storage).length}`;
  });
  return [
    ...metric('apiserver_request_total', 'counter', 'Requests answered, by verb, resource and code.', requests.sort()),
    ...metric('apiserver_storage_objects', 'gauge', 'Stored objects by resource.', objects.sort()),
    ...metric('kubernetes_build_info', 'gauge', 'The version that the server says it is.', [
      `kubernetes_build_info{git_version="${gitVersion}"} 1`,
    ]),
    ...metric('process_cpu_seconds_total', 'counter', 'Processor time in seconds.', [
      `process_cpu_seconds_total ${(usage.user + usage.system) / 1e6}`,
    ]),
    ...metric('process_resident_memory_bytes', 'gauge', 'Resident memory in bytes.', [
      `process_resident_memory_bytes ${process.memoryUsage.rss()}`,
    ]),
    '',
  ].join('\n');
}

function metric(name: string, type: string, help: string, lines: readonly string[]): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines];
}
