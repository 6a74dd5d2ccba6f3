/** `--keep`: starts the run's host process here, lets it live on, and lists it in `sandbox status`. */
import { basename } from 'node:path';
import { HostClient } from '../../host/process/client.ts';
import { type HostOptions, launchHost } from '../../host/process/launch.ts';
import { writeEnvironment } from '../sandbox/environment.ts';
import { writeState } from '../sandbox/state.ts';

export interface KeptHost {
  readonly socket: string;
  stop(): Promise<void>;
  /** Lets the host live on, and prints where its sandboxes are. */
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
      console.log('\nThe sandbox keeps running:');
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
      console.log('  npx labwright sandbox status lists them, npx labwright sandbox down --name <name> stops one.');
    },
  };
}
