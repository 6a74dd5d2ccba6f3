/** The part of the node in PID 1: starts the node agent and answers its questions about mesh proxies. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Component, SandboxContext } from '../component.ts';
import type { Pod } from './kinds.ts';
import type { FromAgent, ProxyCommand, ToAgent } from './protocol.ts';

const AGENT = fileURLToPath(new URL('agent.ts', import.meta.url));

/** The functions that the mesh provides for the proxy of a pod: `sandbox/mesh/agent.ts`. */
export interface ProxySource {
  proxyCommand(pod: Pod, context: SandboxContext): Promise<ProxyCommand>;
  releaseProxy?(pod: Pod): Promise<void>;
}

/**
 * Resolves when the nodes are registered and DNS, Services and pods work.
 * @param proxies gives the command of a container that is a mesh proxy.
 * @param onLost called if the agent exits: then nothing runs pods any more.
 */
export async function startNode(
  context: SandboxContext,
  proxies: () => Promise<ProxySource>,
  onLost: (error: Error) => void,
): Promise<Component> {
  let stopping = false;
  const agent = fork(AGENT, [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const ready = new Promise<void>((resolve, reject) => {
    agent.on('message', (message: FromAgent) => {
      if (message.type === 'ready') resolve();
      else void answer(agent, message, context, proxies);
    });
    agent.once('exit', (code, signal) => {
      const error = new Error(`the node agent ended: ${signal ?? `exit code ${code}`}`);
      reject(error);
      if (!stopping) onLost(error);
    });
  });
  tell(agent, { type: 'start', settings: context.settings });
  await ready;
  return {
    name: 'node',
    stop: () =>
      new Promise((resolve) => {
        stopping = true;
        agent.once('exit', () => resolve());
        if (!agent.kill('SIGTERM')) resolve();
      }),
  };
}

async function answer(
  agent: ChildProcess,
  message: FromAgent,
  context: SandboxContext,
  proxies: () => Promise<ProxySource>,
): Promise<void> {
  if (message.type === 'log') context.log(message.component, message.message);
  try {
    if (message.type === 'release') await (await proxies()).releaseProxy?.(message.pod);
    if (message.type !== 'proxy') return;
    const proxy = await (await proxies()).proxyCommand(message.pod, context);
    tell(agent, { type: 'proxy', id: message.id, proxy });
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    if (message.type === 'proxy') tell(agent, { type: 'proxy', id: message.id, error: text });
    else context.log('node', text);
  }
}

function tell(agent: ChildProcess, message: ToAgent): void {
  // If the agent is exiting, it no longer waits for the answer.
  if (agent.connected) agent.send(message, () => undefined);
}
