/** Messages between the host and the process inside the namespaces, over Node's IPC channel. */

import type { ServerCertificate } from '../../certificates/server.ts';
import type { SandboxSettings } from '../component.ts';
import type { RealPrograms } from './real/programs.ts';

/** Known on the host before the certificate is created; the process inside adds the address of its API. */
export type HostSettings = Omit<SandboxSettings, 'api' | 'tls'>;

/** By user; for `oc login -u`. */
export interface Passwords {
  readonly admin: string;
  readonly developer: string;
}

export interface StartMessage {
  readonly type: 'start';
  readonly settings: HostSettings;
  /** Bearer token of the administrator. */
  readonly token: string;
  /** Bearer token of `developer`, who has no administrator rights. */
  readonly developerToken: string;
  readonly passwords: Passwords;
  readonly tls: ServerCertificate;
  /** The programs that replace imitated parts. */
  readonly programs: RealPrograms;
  /** Whether log lines are also sent as messages; the log file gets them in any case. */
  readonly log: boolean;
  /** The directory was created for this sandbox, so it is removed with it. */
  readonly ownsDirectory: boolean;
}

/** Sent along with a listening socket. */
export interface SocketMessage {
  readonly type: 'socket';
  readonly role: 'api' | 'proxy';
}

export type ToInside = StartMessage | SocketMessage;

export type ToHost =
  | { readonly type: 'api' }
  | { readonly type: 'ready' }
  | { readonly type: 'log'; readonly line: string }
  | { readonly type: 'failed'; readonly message: string };
