/** What a container needs from its pod, and its role in it. */
import type { Image } from './images.ts';
import type { Container } from './kinds.ts';

/** What to run, computed for every run since ConfigMaps and Services may have changed. */
export interface Plan {
  readonly enter: readonly string[];
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly workingDir: string;
  readonly mounts: string;
}

export interface ContainerHost {
  readonly address: string;
  readonly hostNetwork: boolean;
  /** Directory of the logs. */
  readonly directory: string;
  readonly restartPolicy: string;
  /** Main containers wait for init containers. */
  readonly hasInit: boolean;
  plan(container: Container, image: Image): Promise<Plan>;
  event(type: 'Normal' | 'Warning', reason: string, message: string): void;
  /** The state changed. */
  changed(): void;
}

/** An init container runs to completion; a sidecar is an init container that keeps running; an ephemeral one is added later. */
export type ContainerRole = 'init' | 'main' | 'sidecar' | 'ephemeral';
