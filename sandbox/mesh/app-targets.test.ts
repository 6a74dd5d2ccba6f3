import assert from 'node:assert/strict';
import test from 'node:test';
import { appTargets } from './app-targets.ts';

const pod = (annotations: Record<string, string>, container: object): Parameters<typeof appTargets>[0] => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', annotations },
  spec: {
    containers: [
      { name: 'app', image: 'x', ...container },
      { name: 'istio-proxy', image: 'y' },
    ],
  },
});

test('an app’s probes stand under the paths that Istio’s agent has for them, by number or name of the port', () => {
  const { probes } = appTargets(
    pod(
      {},
      {
        ports: [{ name: 'web', containerPort: 8080 }],
        livenessProbe: { httpGet: { path: '/alive?deep=yes', port: 'web' } },
        readinessProbe: { httpGet: { port: 9090 } },
        startupProbe: { httpGet: { port: 9090, scheme: 'HTTPS' } },
      },
    ),
  );
  assert.deepEqual(probes, {
    '/app-health/app/livez': { port: 8080, path: '/alive?deep=yes' },
    '/app-health/app/readyz': { port: 9090, path: '/' },
  });
});

test('an app’s metrics are where Prometheus’ annotations say, and never the proxy’s own', () => {
  const metrics = (annotations: Record<string, string>): unknown => appTargets(pod(annotations, {})).metrics;
  const scraped = { 'prometheus.io/scrape': 'true' };
  assert.deepEqual(metrics({ ...scraped, 'prometheus.io/port': '8080' }), { port: 8080, path: '/metrics' });
  assert.deepEqual(metrics({ ...scraped, 'prometheus.io/path': '/m' }), { port: 80, path: '/m' });
  assert.equal(metrics({ ...scraped, 'prometheus.io/port': '15020' }), undefined);
  assert.equal(metrics({ 'prometheus.io/port': '8080' }), undefined);
});
