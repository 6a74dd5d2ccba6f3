/** An API server for tests, in this process, with controllers, OpenShift's kinds and operators, and pods that only seem to run. */
import { startApiServer } from '../../sandbox/api/index.ts';
import type { ApiServer } from '../../sandbox/api/types.ts';
import { Client } from '../../sandbox/client/client.ts';
import { Informers } from '../../sandbox/client/informers.ts';
import type { Component, SandboxContext, SandboxSettings } from '../../sandbox/component.ts';
import { startFakeKubelet } from '../../sandbox/controllers/fake-kubelet.ts';
import { startControllers } from '../../sandbox/controllers/index.ts';
import type { FindImage } from '../../sandbox/openshift/images/imagestreams.ts';
import { startOpenShift } from '../../sandbox/openshift/index.ts';

export interface TestOpenShift {
  readonly api: ApiServer;
  readonly client: Client;
  stop(): Promise<void>;
}

export interface TestOpenShiftOptions {
  readonly settings?: Partial<SandboxSettings>;
  readonly findImage?: FindImage;
  /** Another part of the sandbox, started before any pods. */
  readonly beside?: (context: SandboxContext) => Promise<Component>;
}

const SERVICE_CIDR = '172.30.0.0/16';

/** @param release of Service Mesh, such as `2.0`; the matching OpenShift is started. */
export async function startTestOpenShift(release: string, options: TestOpenShiftOptions = {}): Promise<TestOpenShift> {
  const { settings, findImage = () => undefined, beside } = options;
  const api = await startApiServer({
    internal: { host: '127.0.0.1', port: 0 },
    tokens: new Map(),
    serviceCidr: SERVICE_CIDR,
  });
  const client = new Client(api.url);
  const informers = new Informers(client, (message) => console.error(message));
  const context: SandboxContext = {
    client,
    informers,
    // The other fields are read by parts that are not started here.
    settings: {
      appsDomain: 'apps.test',
      release,
      tls: { key: '', cert: '', authority: 'PEM' },
      serviceCidr: SERVICE_CIDR,
      ...settings,
    } as SandboxSettings,
    log: () => undefined,
  };
  const controllers = await startControllers(context);
  const openshift = await startOpenShift(context, api, findImage);
  const more = beside === undefined ? [] : [await beside(context)];
  const parts = [openshift, ...more, controllers, await startFakeKubelet(client)];
  return {
    api,
    client,
    stop: async () => {
      for (const part of parts) await part.stop();
      await informers.stop();
      await api.stop();
    },
  };
}
