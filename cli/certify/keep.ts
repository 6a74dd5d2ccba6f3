/** `--keep`: the run's host process is started here, lives on, and shows up in `sandbox status`. */
import { basename } from 'node:path';
import { HostClient } from '../../host/process/client.ts';
import { type HostOptions, launchHost } from '../../host/process/launch.ts';
import { writeEnvironment } from '../sandbox/environment.ts';
import { writeState } from '../sandbox/state.ts';

export interface KeptHost {
  readonly socket: string;
  stop(): Promise<void>;
  /** Lets it live on, and says where its sandboxes are. */
  leave(lab: string): Promise<void>;
}

export async function keepHost({ release, controlPlane }: HostOptions): Promise<KeptHost> {
  const host = await launchHost({
    ...(release === undefined ? {} : { release }),
    ...(controlPlane === undefined ? {} : { controlPlane }),
  });
  return {
    socket: host.socket,
    stop: () => host.stop(),
    leave: async (lab) => {
      const client = await HostClient.connect(host.socket);
      const sessions = await client.request('sessions', {});
      client.close();
      if (sessions.length === 0) return host.stop();
      console.log('\nThe sandbox stays up:');
      for (const { name: session, info } of sessions) {
        const { kubeconfig, proxy = '', cluster } = info;
        if (info.sandbox === undefined) continue;
        const name = `${basename(lab).slice(0, 20).replace(/-+$/, '')}-${session.project}`;
        writeState({ name, holder: host.pid, sandbox: info.sandbox.pid, server: cluster.server, kubeconfig, proxy });
        const environment = writeEnvironment(name, info.sandbox.env);
        console.log(
          `  ${session.project.padEnd(9)} kubeconfig ${kubeconfig}, proxy ${proxy}, for a shell: . ${environment}`,
        );
      }
      await host.detach();
      console.log('  npx labwright sandbox status shows them, npx labwright sandbox down --name <name> ends them.');
    },
  };
}
