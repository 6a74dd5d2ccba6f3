/** What a container runs, with its environment and volumes. */
import { join } from 'node:path';
import type { AgentContext } from './agent-context.ts';
import type { Plan } from './container-types.ts';
import { type Environment, environmentOf, expand } from './environment.ts';
import type { Image } from './images.ts';
import { type Container, type Pod, SERVICES } from './kinds.ts';
import { mountLines } from './volume-mounts.ts';

export interface PlanInput {
  /** The pod, with its addresses in the status. */
  readonly pod: Pod;
  readonly container: Container;
  readonly image: Image;
  /** The pod's. */
  readonly directory: string;
  /** `nsenter`'s arguments. */
  readonly enter: readonly string[];
}

const IPTABLES = /^istio-(clean-)?iptables$/;

/** @throws {ConfigError} if a ConfigMap, Secret or key is missing. */
export async function makePlan(context: AgentContext, input: PlanInput): Promise<Plan> {
  const { pod, container, image, directory, enter } = input;
  // Listed now instead of using a watch: a Service created just before the pod must be in its environment.
  const { namespace = '' } = pod.metadata;
  const { items } = await context.client.list(SERVICES, { namespace });
  const api = namespace === 'default' ? undefined : context.informers.of(SERVICES).get('default/kubernetes');
  const env = await environmentOf(context.client, pod, container, image, api === undefined ? items : [api, ...items]);
  // The sandbox has already done with the pod's network what the proxy's image does as an init container (istio-iptables).
  if (image.proxy && IPTABLES.test(container.args?.[0] ?? ''))
    return { enter, command: ['true'], env, workingDir: '/', mounts: '' };
  if (image.proxy) {
    const proxy = await context.proxyCommand(pod);
    const path = [proxy.programs, env['PATH'] ?? ''].join(':');
    return { enter, command: proxy.command, env: { ...env, ...proxy.env, PATH: path }, workingDir: '/', mounts: '' };
  }
  const scratch = join(directory, 'containers', container.name);
  const mounts = image.placeholder ? '' : await mountLines(pod, container, join(directory, 'volumes'), scratch);
  // A program may write to its own root directory, but not to the machine's, which it sees here.
  const own = join(scratch, 'work');
  const workingDir = image.placeholder ? '/' : (container.workingDir ?? image.workingDir ?? own);
  return { enter, command: commandOf(container, image, env), env, workingDir, mounts };
}

/** A pod's `command` replaces the image's entry point and arguments. Its `args` replace only the arguments. */
export function commandOf(container: Container, image: Image, env: Environment): string[] {
  const { command = [], args = [] } = container;
  // A stand-in ignores the arguments of the program that it replaces.
  if (image.placeholder) return [...image.command, ...image.args];
  const given = [...command, ...args].map((word) => expand(word, env));
  if (command.length > 0) return given;
  return [...image.command, ...(args.length > 0 ? given : image.args)];
}
