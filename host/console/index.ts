/** The web console of a sandbox, where `LABWRIGHT_CONSOLE` names one. */
import { join } from 'node:path';
import type { Sandbox } from '../../sandbox/index.ts';
import { startBridge } from './bridge.ts';
import { findConsoleBuild } from './build.ts';
import { publishConsole } from './publish.ts';

export interface SandboxConsole {
  readonly address: string;
  stop(): Promise<void>;
}

/**
 * @param directory of the session.
 * @returns undefined if no console was named.
 * @throws {SandboxError} `LW-CONSOLE-BUILD`, `LW-CONSOLE-START`
 */
export async function startConsole(sandbox: Sandbox, directory: string): Promise<SandboxConsole | undefined> {
  const build = findConsoleBuild();
  if (build === undefined) return undefined;
  const bridge = await startBridge(build, sandbox, join(directory, 'console'));
  try {
    const withdraw = await publishConsole(sandbox, bridge.port);
    return {
      address: bridge.address,
      stop: async () => {
        await withdraw();
        await bridge.stop();
      },
    };
  } catch (error) {
    await bridge.stop();
    throw error;
  }
}
