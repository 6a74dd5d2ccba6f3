/** ControllerRevisions: the history of a StatefulSet's or DaemonSet's template, for `kubectl rollout undo`. */
import { ApiError, type Client, type KubeObject, resource } from '../client/client.ts';
import { Expectations } from '../client/expectations.ts';
import { canonical, templateHash } from '../client/hash.ts';
import type { LabelSelector, PodTemplate } from '../client/kinds.ts';
import { controllerOf, controllerReference } from '../client/ownership.ts';

export interface ControllerRevision extends KubeObject {
  revision: number;
  data?: { spec: { template: PodTemplate & { $patch?: string } } };
}

export const CONTROLLER_REVISIONS = resource<ControllerRevision>(
  'apps/v1',
  'ControllerRevision',
  'controllerrevisions',
);

const HASH = 'controller.kubernetes.io/hash';

interface Revised extends KubeObject {
  spec: { selector: LabelSelector; template: PodTemplate; revisionHistoryLimit?: number };
}

export class Revisions {
  readonly expectations = new Expectations<ControllerRevision>();
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  /** The owner's revisions, oldest first. @param watched those of its namespace. */
  of(owner: KubeObject, watched: readonly ControllerRevision[]): ControllerRevision[] {
    const owns = (one: ControllerRevision): boolean => controllerOf(one)?.uid === owner.metadata.uid;
    return this.expectations
      .correct(watched, owns)
      .filter(owns)
      .sort((a, b) => a.revision - b.revision);
  }

  /** The revision of the owner's current template, created or made the newest if necessary. */
  async present(owner: Revised, own: readonly ControllerRevision[]): Promise<ControllerRevision> {
    const data = { spec: { template: { ...owner.spec.template, $patch: 'replace' } } };
    const found = own.find((one) => canonical(one.data) === canonical(data));
    const newest = own.at(-1);
    if (found === undefined) return this.#create(owner, data, (newest?.revision ?? 0) + 1);
    if (newest === undefined || found.revision === newest.revision) return found;
    const { name, namespace } = found.metadata;
    const revised = await this.#client.patch(CONTROLLER_REVISIONS, name, namespace, { revision: newest.revision + 1 });
    return revised;
  }

  /** Deletes the oldest beyond `revisionHistoryLimit`, never one that is in use. */
  async trim(owner: Revised, own: readonly ControllerRevision[], used: ReadonlySet<string>): Promise<void> {
    const idle = own.filter(({ metadata }) => !used.has(metadata.name));
    const surplus = Math.max(0, idle.length - (owner.spec.revisionHistoryLimit ?? 10));
    for (const one of idle.slice(0, surplus)) {
      await this.#client.delete(CONTROLLER_REVISIONS, one.metadata.name, one.metadata.namespace);
      this.expectations.deleted(one);
    }
  }

  async #create(
    owner: Revised,
    data: NonNullable<ControllerRevision['data']>,
    revision: number,
  ): Promise<ControllerRevision> {
    // Try again with another hash if two different templates have the same one.
    for (let collisions = 0; ; collisions += 1) {
      const hash = templateHash(owner.spec.template, collisions);
      const { name, namespace } = owner.metadata;
      const wanted: ControllerRevision = {
        apiVersion: 'apps/v1',
        kind: 'ControllerRevision',
        metadata: {
          name: `${name}-${hash}`,
          ...(namespace === undefined ? {} : { namespace }),
          labels: { ...owner.spec.template.metadata?.labels, [HASH]: hash },
          ownerReferences: [controllerReference(owner)],
        },
        revision,
        data,
      };
      try {
        const made = await this.#client.create(CONTROLLER_REVISIONS, wanted);
        this.expectations.created(made);
        return made;
      } catch (error) {
        if (!(error instanceof ApiError && error.reason === 'AlreadyExists')) throw error;
        const there = await this.#client.find(CONTROLLER_REVISIONS, wanted.metadata.name, namespace);
        const same = there !== undefined && canonical(there.data) === canonical(data);
        if (same && controllerOf(there)?.uid === owner.metadata.uid) return there;
      }
    }
  }
}
