/** The node agent's process: kubelet, DNS, Services and NetworkPolicies of all nodes. Started by `index.ts`. */

import { flushCompileCache } from 'node:module';
import { connect } from '../client/client.ts';
import { EventRecorder } from '../client/events.ts';
import { Informers } from '../client/informers.ts';
import type { SandboxSettings } from '../component.ts';
import type { AgentContext } from './agent-context.ts';
import { startDns } from './dns.ts';
import { keepAlive } from './heartbeat.ts';
import { Images } from './images.ts';
import { startKubelet } from './kubelet/server.ts';
import { dnsAddress, nodeAddresses } from './network.ts';
import { Addresses, registerNodes } from './nodes.ts';
import { Pods } from './pods.ts';
import { startPolicies } from './policies.ts';
import type { FromAgent, ProxyCommand, ToAgent } from './protocol.ts';
import { startServices } from './services.ts';

process.once('disconnect', () => process.exit(0));
// An internal error leaves pods in an unknown state: the sandbox ends with the agent, and its log says why.
const lost = (error: unknown): void => {
  console.error('node agent:', error);
  process.exit(1);
};
process.on('uncaughtException', lost);
process.on('unhandledRejection', lost);

const asked = new Map<number, { resolve(proxy: ProxyCommand): void; reject(error: Error): void }>();

process.on('message', (message: ToAgent) => {
  if (message.type === 'start') {
    start(message.settings).catch(lost);
    return;
  }
  const question = asked.get(message.id);
  asked.delete(message.id);
  if (message.proxy !== undefined) question?.resolve(message.proxy);
  else question?.reject(new Error(message.error ?? 'no proxy'));
});

function tell(message: FromAgent): void {
  process.send?.(message, undefined, {}, () => undefined);
}

let questions = 0;

async function start(settings: SandboxSettings): Promise<void> {
  const log = (message: string): void => tell({ type: 'log', component: 'node', message });
  const client = connect(settings.api);
  const context: AgentContext = {
    client,
    settings,
    informers: new Informers(client, log),
    events: new EventRecorder(client, 'kubelet'),
    images: new Images(settings.images, log),
    addresses: new Addresses(settings.podCidr),
    nodeAddresses: nodeAddresses(settings),
    dns: dnsAddress(settings.serviceCidr),
    log,
    proxyCommand: (pod) =>
      new Promise((resolve, reject) => {
        questions += 1;
        asked.set(questions, { resolve, reject });
        tell({ type: 'proxy', id: questions, pod });
      }),
    releaseProxy: (pod) => tell({ type: 'release', pod }),
  };
  // Names and addresses first: a program without a resolver stalls for seconds.
  await Promise.all([startDns(context), startServices(context), startPolicies(context)]);
  const pods = new Pods(context);
  await startKubelet(context, pods);
  await registerNodes({ client, settings, log: (_, message) => context.log(message) });
  await keepAlive(client, settings.nodes, context.log);
  // Nothing here outlives the process, and the processes of pods end with PID 1.
  process.once('SIGTERM', () => process.exit(0));
  tell({ type: 'ready' });
  // The kernel kills this process with PID 1: no exit handlers run.
  flushCompileCache();
}
