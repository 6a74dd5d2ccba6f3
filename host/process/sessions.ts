/** The sessions of a run, by project and lab. */
import { join } from 'node:path';
import type { Release } from '../../model/lab.ts';
import type { Sandbox } from '../../sandbox/index.ts';
import type { ProvidedCluster } from '../cluster-provider.ts';
import { figureSourcesOf } from '../figure-sources.ts';
import { provenanceOf } from '../provenance.ts';
import { Session } from '../session.ts';
import { Labs } from './labs.ts';
import type { HostOptions } from './launch.ts';
import type { SessionInfo, SessionName } from './protocol.ts';

export class Sessions {
  readonly #directory: string;
  readonly #options: HostOptions;
  readonly #labs = new Labs();
  readonly #sessions = new Map<string, { name: SessionName; session: Session }>();
  /** A project plays one lab at a time: the sandbox of the previous lab is stopped. */
  readonly #leaving = new Map<string, Promise<void>>();

  readonly #lost = new Set<Session>();
  #onAllLost: () => void = () => undefined;

  constructor(directory: string, options: HostOptions) {
    this.#directory = directory;
    this.#options = options;
  }

  /** @throws {LabError} if the lab's files are invalid. */
  async session(name: SessionName): Promise<Session> {
    const lab = this.#labs.at(name.lab);
    // A real cluster is shared by all browsers.
    const place = this.#options.cluster === undefined ? name.project : 'cluster';
    const known = this.#sessions.get(place);
    if (known !== undefined && known.name.lab === name.lab) {
      known.session.lab = lab;
      return known.session;
    }
    if (known !== undefined) this.#leaving.set(place, known.session.stop());
    const { cluster, controlPlane } = this.#options;
    const session = new Session(lab, {
      name: `${lab.name}-${place}`,
      release: this.#releaseOf(lab.releases),
      directory: join(this.#directory, `${lab.name}-${place}`),
      ...(cluster === undefined ? {} : { cluster }),
      ...(controlPlane === undefined ? {} : { controlPlane }),
    });
    this.#sessions.set(place, { name: { project: name.project, lab: name.lab }, session });
    session.lost.catch(() => this.#noteLost(session));
    await this.#leaving.get(place);
    return session;
  }

  /** Calls back when the last of the clusters has ended unexpectedly. */
  set onAllLost(callback: () => void) {
    this.#onAllLost = callback;
  }

  #noteLost(session: Session): void {
    this.#lost.add(session);
    if ([...this.#sessions.values()].every((one) => this.#lost.has(one.session))) this.#onAllLost();
  }

  async info(name: SessionName): Promise<SessionInfo> {
    const session = await this.session(name);
    const lab = this.#labs.at(name.lab);
    const { cluster, openshiftVersion } = await session.environment();
    return {
      lab: { name: lab.name, title: lab.title },
      cluster: {
        kind: cluster.kind,
        server: cluster.address ?? cluster.server,
        openshiftVersion,
        release: titleOf(session.release, this.#options.cluster?.releaseNote),
        ...(cluster.realParts === undefined ? {} : { realParts: cluster.realParts }),
        ...(cluster.kind === 'sandbox'
          ? { provenance: provenanceOf(lab, await figureSourcesOf(session.release.name)) }
          : {}),
      },
      release: session.release.name,
      figures: session.release.figures,
      kubeconfig: cluster.kubeconfig,
      ...(cluster.proxy === undefined ? {} : { proxy: cluster.proxy }),
      ...('address' in cluster.console ? { console: cluster.console.address } : {}),
      ...(cluster.sandbox === undefined ? {} : { sandbox: byHand(cluster, cluster.sandbox) }),
    };
  }

  list(): Promise<readonly { name: SessionName; info: SessionInfo }[]> {
    return Promise.all([...this.#sessions.values()].map(async ({ name }) => ({ name, info: await this.info(name) })));
  }

  async stop(): Promise<void> {
    await Promise.all([
      ...this.#leaving.values(),
      ...[...this.#sessions.values()].map(({ session }) => session.stop()),
    ]);
  }

  #releaseOf(releases: readonly Release[]): Release {
    const { release } = this.#options;
    const wanted = release === undefined ? releases[0] : releases.find(({ name }) => name === release);
    if (wanted !== undefined) return wanted;
    if (release === undefined) return { name: 'unspecified', figures: {} };
    throw Object.assign(
      new Error(`the lab has no release "${release}"; it has: ${releases.map(({ name }) => name).join(', ')}`),
      { code: 'LW-RELEASE-UNKNOWN' },
    );
  }
}

function byHand(cluster: ProvidedCluster, sandbox: Sandbox): NonNullable<SessionInfo['sandbox']> {
  const { token, password, appsDomain, pid } = sandbox;
  return {
    token,
    password,
    developerPassword: sandbox.developer.password,
    developerKubeconfig: sandbox.developer.kubeconfig,
    appsDomain,
    pid,
    env: { ...cluster.env, KUBECONFIG: cluster.kubeconfig },
  };
}

/** The release's name on a certificate: its value `title`, or else its name. */
function titleOf({ name, figures }: Release, note: string | undefined): string {
  const { title } = figures;
  const known = typeof title === 'string' ? title : name;
  return note === undefined ? known : `${known} (${note})`;
}
