/** State shared by the parts of the node agent. */

import type { Client } from '../client/client.ts';
import type { EventRecorder } from '../client/events.ts';
import type { Informers } from '../client/informers.ts';
import type { SandboxSettings } from '../component.ts';
import type { Images } from './images.ts';
import type { Pod } from './kinds.ts';
import type { Addresses } from './nodes.ts';
import type { ProxyCommand } from './protocol.ts';

export interface AgentContext {
  readonly client: Client;
  readonly settings: SandboxSettings;
  readonly informers: Informers;
  readonly events: EventRecorder;
  readonly images: Images;
  readonly addresses: Addresses;
  /** By index of the node in the settings. */
  readonly nodeAddresses: readonly string[];
  /** Address of the DNS server. */
  readonly dns: string;
  log(message: string): void;
  /** The command of a pod's proxy container; `status.podIP` must be set. */
  proxyCommand(pod: Pod): Promise<ProxyCommand>;
  releaseProxy(pod: Pod): void;
}
