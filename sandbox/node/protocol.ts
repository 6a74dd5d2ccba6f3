/** Messages between the node agent and PID 1. */
import type { SandboxSettings } from '../component.ts';
import type { Pod } from './kinds.ts';

export interface ProxyCommand {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** A folder of additional programs in the container, such as `pilot-agent`. */
  readonly programs: string;
}

export type ToAgent =
  | { readonly type: 'start'; readonly settings: SandboxSettings }
  | { readonly type: 'proxy'; readonly id: number; readonly proxy?: ProxyCommand; readonly error?: string };

export type FromAgent =
  | { readonly type: 'ready' }
  | { readonly type: 'log'; readonly component: string; readonly message: string }
  | { readonly type: 'proxy'; readonly id: number; readonly pod: Pod }
  | { readonly type: 'release'; readonly pod: Pod };
