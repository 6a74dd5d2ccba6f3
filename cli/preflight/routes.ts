/** Whether this machine reaches the cluster's Routes, as its browsers must. */

import { request } from 'node:http';
import type { KubernetesApi } from '../../kube/api.ts';
import { textAt } from '../../model/fields.ts';
import { type Finding, ok, problem, warning } from '../doctor/finding.ts';
import { unlessRefused } from './cluster.ts';

const TIMEOUT_MS = 10_000;

/** @param proxy HTTP proxy of browsers and shells. */
export async function routeFinding(api: KubernetesApi, proxy: string | undefined): Promise<Finding> {
  const why = 'sections 4 to 6 open the app’s page through its Route';
  const config = await unlessRefused(api.raw('/apis/config.openshift.io/v1/ingresses/cluster'));
  const domain = textAt(config, 'spec', 'domain');
  if (domain === undefined)
    return warning(
      'routes',
      'The domain of the Routes can’t be read',
      why,
      'use a user who may read ingresses.config.openshift.io',
    );
  const host = `labwright-preflight.${domain}`;
  try {
    const status = await statusOf(host, proxy);
    return ok('routes', `Routes of *.${domain} can be reached: the router answers ${status} for an unknown host`);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    const mend =
      proxy === undefined
        ? '--proxy http://HOST:PORT, or use a name server that knows the domain'
        : 'use another --proxy';
    return problem('routes', `Routes of *.${domain} can’t be reached from this machine: ${said}`, why, mend);
  }
}

function statusOf(host: string, proxy: string | undefined): Promise<number> {
  const url = proxy === undefined ? undefined : new URL(proxy);
  const to = url === undefined ? { host, path: '/' } : { host: url.hostname, port: url.port, path: `http://${host}/` };
  return new Promise((resolve, reject) => {
    const asked = request(
      { ...to, headers: { host }, agent: false, signal: AbortSignal.timeout(TIMEOUT_MS) },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      },
    );
    asked.on('error', reject);
    asked.end();
  });
}
