/** Starts a container. Waits for its image and configuration while the pod exists, and reports what it is waiting for. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ContainerRunner } from './container.ts';
import { ConfigError } from './environment.ts';
import type { Images } from './images.ts';

/** Milliseconds between attempts to start the container. */
export const RETRY = 2_000;
const BACK_OFF_SAID_AFTER = 1_000;

interface Launching {
  readonly images: Images;
  readonly event: (type: 'Normal' | 'Warning', reason: string, message: string) => void;
  readonly log: (message: string) => void;
  readonly isEnding: () => boolean;
}

export async function launchContainer(runner: ContainerRunner, launching: Launching): Promise<void> {
  const { images, event, log, isEnding } = launching;
  const { image: reference, name } = runner.container;
  const image = images.find(reference);
  if (image === undefined) {
    imageMissing(runner, launching);
    return;
  }
  event('Normal', 'Pulled', `Container image "${reference}" already present on machine`);
  while (!isEnding()) {
    try {
      return await runner.start(image);
    } catch (error) {
      const expected = error instanceof ConfigError;
      if (!expected) log(`${name}: ${reasonOf(error)}`);
      runner.wait(expected ? 'CreateContainerConfigError' : 'CreateContainerError', reasonOf(error));
      event('Warning', 'Failed', `Error: ${reasonOf(error)}`);
      await sleep(RETRY);
    }
  }
}

/** Reports the unknown image, and tries again when an `images.yaml` has changed. */
function imageMissing(runner: ContainerRunner, launching: Launching): void {
  const { images, event, isEnding } = launching;
  const { image: reference } = runner.container;
  const why = `the sandbox knows no program for image "${reference}": add it to ${images.files[0] ?? 'an images.yaml'}`;
  event('Warning', 'Failed', `Failed to pull image "${reference}": ${why}`);
  event('Warning', 'Failed', 'Error: ErrImagePull');
  runner.wait('ErrImagePull', why);
  const backOff = setTimeout(() => {
    if (isEnding()) return;
    event('Normal', 'BackOff', `Back-off pulling image "${reference}"`);
    runner.wait('ImagePullBackOff', `Back-off pulling image "${reference}": ${why}`);
  }, BACK_OFF_SAID_AFTER);
  images.onceChanged(() => {
    clearTimeout(backOff);
    if (!isEnding()) void launchContainer(runner, launching);
  });
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
