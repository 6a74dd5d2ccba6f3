/** A mesh for tests, with apps that call each other. */
import { eventually } from '../../../sandbox/controllers/fake-kubelet.ts';
import type { TestCluster } from '../test-cluster.ts';
import { startTestMesh } from './test-mesh.ts';

export class Mesh {
  readonly cluster: TestCluster;

  private constructor(cluster: TestCluster) {
    this.cluster = cluster;
  }

  /** @param apps manifests, mostly in namespace `app`. @param plane further fields of the control plane's spec, in YAML's flow style. */
  static async start(release: string, apps: string, plane: readonly string[] = []): Promise<Mesh> {
    const cluster = await startTestMesh(`mesh-${release}`, { release, plane });
    const mesh = new Mesh(cluster);
    try {
      await cluster.feed(apps);
      await cluster.kubectl(...'wait pod --all -n app --for=condition=Ready --timeout=60s'.split(' '));
      return mesh;
    } catch (error) {
      await mesh.stop();
      throw error;
    }
  }

  stop(): Promise<void> {
    return this.cluster.stop();
  }

  /** Applies a rule and waits until all proxies have acknowledged it. */
  async apply(rule: string): Promise<void> {
    await this.cluster.feed(rule);
    const [, kind = '', name = ''] = /kind: (\w+)\nmetadata: { name: ([\w-]+)/.exec(rule) ?? [];
    const arrived =
      '{.metadata.generation}={.status.observedGeneration}{.status.conditions[?(@.type=="Reconciled")].status}';
    const look = (): Promise<string> =>
      this.cluster.kubectl('get', kind, name, '-n', 'app', '-o', `jsonpath=${arrived}`);
    await eventually(`${kind} in force`, async () => /^(\d+)=\1True$/.test(await look()));
  }

  delete(kind: string, name: string): Promise<string> {
    return this.cluster.kubectl('delete', kind, name, '-n', 'app');
  }

  /** Runs a command in a pod's own container. @returns its output. */
  inside(from: string, ...command: string[]): Promise<string> {
    return this.cluster.kubectl('exec', '-n', 'app', from, '-c', 'main', '--', ...command);
  }

  /** @param asks arguments for curl, the address last. @returns the status of each, or `none`. */
  async http(from: string, ...asks: string[]): Promise<string[]> {
    const curl = "curl -s -o /dev/null -m 5 -w '%{http_code} '";
    const said = await this.inside(from, 'sh', '-c', asks.map((ask) => `${curl} ${ask}`).join('; ')).catch(
      (error: Error) => /((?:\d{3} ?)+)$/.exec(error.message)?.[1] ?? error.message,
    );
    return said
      .trim()
      .split(' ')
      .map((status) => (status === '000' ? 'none' : status));
  }

  /** @returns a server's answer to bytes that are not HTTP, or to none at all; empty if it closes the connection. */
  raw(from: string, host: string, port: number, says = ''): Promise<string> {
    const send = says === '' ? ':' : `echo '${says}' >&3`;
    return this.inside(
      from,
      'timeout',
      '3',
      'bash',
      '-c',
      `exec 3<>/dev/tcp/${host}/${port}; ${send}; head -1 <&3 || :`,
    ).catch(() => 'nothing');
  }
}
