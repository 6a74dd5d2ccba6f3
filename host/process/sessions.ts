/** The stages of a run, by project and lab. */
import { join } from 'node:path';
import type { Release } from '../../model/lab.ts';
import type { Sandbox } from '../../sandbox/index.ts';
import type { Target } from '../sandbox-provider.ts';
import { Stage } from '../session.ts';
import { Labs } from './labs.ts';
import type { HostOptions } from './launch.ts';
import type { StageInfo, StageName } from './protocol.ts';

export class Stages {
  readonly #directory: string;
  readonly #options: HostOptions;
  readonly #labs = new Labs();
  readonly #stages = new Map<string, { name: StageName; stage: Stage }>();
  /** One project plays one lab at a time: the sandbox of the lab before is let go. */
  readonly #leaving = new Map<string, Promise<void>>();

  readonly #lost = new Set<Stage>();
  #onAllLost: () => void = () => undefined;

  constructor(directory: string, options: HostOptions) {
    this.#directory = directory;
    this.#options = options;
  }

  /** @throws {LabError} when the lab's files are wrong. */
  async stage(name: StageName): Promise<Stage> {
    const lab = this.#labs.at(name.lab);
    // A real cluster is one for all browsers.
    const place = this.#options.cluster === undefined ? name.project : 'cluster';
    const known = this.#stages.get(place);
    if (known !== undefined && known.name.lab === name.lab) {
      known.stage.lab = lab;
      return known.stage;
    }
    if (known !== undefined) this.#leaving.set(place, known.stage.stop());
    const { cluster, controlPlane } = this.#options;
    const stage = new Stage(lab, {
      name: `${lab.name}-${place}`,
      release: this.#releaseOf(lab.releases),
      directory: join(this.#directory, `${lab.name}-${place}`),
      ...(cluster === undefined ? {} : { cluster }),
      ...(controlPlane === undefined ? {} : { controlPlane }),
    });
    this.#stages.set(place, { name: { project: name.project, lab: name.lab }, stage });
    stage.lost.catch(() => this.#noteLost(stage));
    await this.#leaving.get(place);
    return stage;
  }

  /** Calls back when the last of the clusters has ended by itself. */
  set onAllLost(callback: () => void) {
    this.#onAllLost = callback;
  }

  #noteLost(stage: Stage): void {
    this.#lost.add(stage);
    if ([...this.#stages.values()].every((one) => this.#lost.has(one.stage))) this.#onAllLost();
  }

  async info(name: StageName): Promise<StageInfo> {
    const stage = await this.stage(name);
    const lab = this.#labs.at(name.lab);
    const { target, openshiftVersion } = await stage.scene();
    return {
      lab: { name: lab.name, title: lab.title },
      cluster: {
        kind: target.kind,
        server: target.address ?? target.server,
        openshiftVersion,
        release: titleOf(stage.release, this.#options.cluster?.releaseNote),
        ...(target.realParts === undefined ? {} : { realParts: target.realParts }),
      },
      release: stage.release.name,
      figures: stage.release.figures,
      kubeconfig: target.kubeconfig,
      ...(target.proxy === undefined ? {} : { proxy: target.proxy }),
      ...(target.sandbox === undefined ? {} : { sandbox: byHand(target, target.sandbox) }),
    };
  }

  list(): Promise<readonly { name: StageName; info: StageInfo }[]> {
    return Promise.all([...this.#stages.values()].map(async ({ name }) => ({ name, info: await this.info(name) })));
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#leaving.values(), ...[...this.#stages.values()].map(({ stage }) => stage.stop())]);
  }

  #releaseOf(releases: readonly Release[]): Release {
    const { release } = this.#options;
    const wanted = release === undefined ? releases[0] : releases.find(({ name }) => name === release);
    if (wanted !== undefined) return wanted;
    if (release === undefined) return { name: 'unspecified', figures: {} };
    throw Object.assign(
      new Error(`the lab knows no release "${release}"; it knows: ${releases.map(({ name }) => name).join(', ')}`),
      { code: 'LW-RELEASE-UNKNOWN' },
    );
  }
}

function byHand(target: Target, sandbox: Sandbox): NonNullable<StageInfo['sandbox']> {
  const { token, appsDomain, pid } = sandbox;
  return {
    token,
    developerKubeconfig: sandbox.developer.kubeconfig,
    appsDomain,
    pid,
    env: { ...target.env, KUBECONFIG: target.kubeconfig },
  };
}

/** What a certificate calls the release: its `title` figure, or else its name. */
function titleOf({ name, figures }: Release, note: string | undefined): string {
  const { title } = figures;
  const known = typeof title === 'string' ? title : name;
  return note === undefined ? known : `${known} (${note})`;
}
