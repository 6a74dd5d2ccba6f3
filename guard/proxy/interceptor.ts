/**
 * Handles a call that changes something. First its object is checked: objects of others are not changed. Then the intent goes into
 * the ledger, the call to the cluster, and the result into the ledger.
 */

import type { Connection } from '../../kube/connection.ts';
import { ApiError, type Rest } from '../../kube/rest.ts';
import { textAt } from '../../model/fields.ts';
import type { Intent, Ownership, Snapshot } from '../ledger/entry.ts';
import { Journal } from '../ledger/journal.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { getObject, type KubeObject, listObjects, snapshotOf } from '../ledger/object.ts';
import type { OwnershipResolver } from '../ledger/ownership.ts';
import { resolveInDoubt } from '../ledger/resolve-in-doubt.ts';
import { changedObject, createdObject } from './answered-object.ts';
import { decode, isReadable, pinned, replacing, withPrecondition } from './document.ts';
import { exchange } from './message.ts';
import type { Change, Interceptor } from './proxy.ts';
import { refusal } from './refusal.ts';
import { describeResource, type GroupVersionResource, type RequestInfo } from './request-info.ts';
import { type Answer, jsonAnswer, statusAnswer } from './status.ts';
import { objectResource, strangerBelow } from './targets.ts';

/** What the evidence says about a change besides its request and status. */
export interface ChangeRecord {
  readonly object: string;
  readonly before?: Snapshot;
  readonly after?: Snapshot;
  readonly refused?: string;
}

export interface InterceptorOptions {
  readonly connection: Connection;
  readonly rest: Rest;
  readonly ledger: Ledger;
  readonly owners: OwnershipResolver;
  /** False while another run may hold the cluster. */
  readonly holds: () => boolean;
  readonly record: (change: Change, record: ChangeRecord) => void;
}

/** A call on one existing object. */
interface Existing {
  readonly object: KubeObject;
  readonly ownership: Ownership;
}

export class LedgerInterceptor implements Interceptor {
  readonly #options: InterceptorOptions;
  readonly #journal: Journal;

  constructor(options: InterceptorOptions) {
    this.#options = options;
    this.#journal = new Journal(options.ledger, options.rest);
  }

  async change(change: Change): Promise<Answer> {
    if (change.info.harmless) return this.#forward(change);
    if (!this.#options.holds())
      return statusAnswer(503, 'ServiceUnavailable', 'this run no longer holds the cluster  (LW-LEASE-LOST)');
    if (change.body.length > 0 && !isReadable(change))
      return statusAnswer(
        415,
        'UnsupportedMediaType',
        'Labwright’s guard supports only JSON, YAML and Kubernetes’ protobuf',
      );
    try {
      return await this.#judge(change);
    } catch (error) {
      // The cluster's own message, if it refused the read.
      if (error instanceof ApiError && error.code !== 0) return statusAnswer(error.code, error.reason, error.message);
      throw error;
    }
  }

  async connect(info: RequestInfo): Promise<Answer | undefined> {
    const gvr = objectResource(info);
    const object = info.name === undefined ? undefined : await getObject(this.#options.rest, gvr, info.name);
    if (object === undefined) return undefined;
    const ownership = await this.#ownershipOf(gvr, object);
    return ownership === 'foreign' || ownership === 'declared'
      ? refusal(info.subresource ?? 'connect to', gvr, object)
      : undefined;
  }

  async #judge(change: Change): Promise<Answer> {
    const { info } = change;
    if (info.verb === 'create') return this.#create(change);
    if (info.verb === 'deletecollection') return this.#deleteCollection(change);
    if (info.verb === 'connect') return (await this.connect(info)) ?? this.#forward(change);
    const gvr = objectResource(info);
    const name = info.name ?? '';
    const object = await getObject(this.#options.rest, gvr, name);
    // Some calls create what they don't find; the others get the cluster's own answer.
    if (object === undefined) return info.verb === 'delete' ? this.#forward(change) : this.#make(change, gvr, name);
    const existing = { object, ownership: await this.#ownershipOf(gvr, object) };
    if (info.verb === 'delete' || info.subresource === 'eviction') return this.#delete(change, gvr, existing);
    return this.#update(change, gvr, existing);
  }

  /** A POST to a collection. If the name is taken, the client gets the cluster's own answer or, with `--adopt`, the object. */
  async #create(change: Change): Promise<Answer> {
    const gvr = objectResource(change.info);
    const name = textAt(decode(change), 'metadata', 'name') || undefined;
    const object = name === undefined ? undefined : await getObject(this.#options.rest, gvr, name);
    if (object !== undefined && (await this.#ownershipOf(gvr, object)) === 'adopted')
      return this.#adopt(change, gvr, object);
    return this.#make(change, gvr, name, object);
  }

  async #make(
    change: Change,
    gvr: GroupVersionResource,
    name: string | undefined,
    found?: KubeObject,
  ): Promise<Answer> {
    const sent = change.info.subresource === undefined ? decode(change) : {};
    const generateName = textAt(sent, 'metadata', 'generateName');
    const intent = await this.#journal.announce({
      action: 'create',
      gvr,
      ownership: 'ours',
      ...(name === undefined ? {} : { name }),
      ...(generateName === undefined ? {} : { generateName }),
      ...(found === undefined ? {} : { uid: found.metadata.uid }),
      sent,
    });
    const answer = await this.#send(intent, change);
    const made = answer.status < 300 ? await createdObject(this.#options.rest, gvr, answer, name) : undefined;
    await this.#journal.conclude(intent, answer.status, { made });
    this.#options.record(change, {
      object: describeResource(gvr, made?.metadata.name ?? name),
      ...(made === undefined ? {} : { after: snapshotOf(made) }),
    });
    return answer;
  }

  /** An existing object takes the place of the one that the lab would create. */
  async #adopt(change: Change, gvr: GroupVersionResource, object: KubeObject): Promise<Answer> {
    // A Project is requested by name alone, so there is nothing to change.
    if (gvr.resource === 'namespaces') return jsonAnswer(201, object);
    const { name, uid, resourceVersion } = object.metadata;
    const put = replacing(change, name, uid, resourceVersion);
    const answer = await this.#update(put, gvr, { object, ownership: 'adopted' });
    return answer.status === 200 ? { ...answer, status: 201 } : answer;
  }

  async #update(change: Change, gvr: GroupVersionResource, { object, ownership }: Existing): Promise<Answer> {
    if (ownership === 'foreign') return this.#refuse(change, 'change', gvr, object);
    const before = snapshotOf(object);
    const { name, uid } = object.metadata;
    const intent = await this.#journal.announce({ action: 'change', gvr, name, ownership, uid, before });
    const answer = await this.#send(intent, change.info.subresource === undefined ? pinned(change, uid) : change);
    const now =
      answer.status < 300 ? await changedObject(this.#options.rest, change.info, answer, gvr, name) : undefined;
    const after = now === undefined || now.metadata.uid !== uid ? undefined : snapshotOf(now);
    await this.#journal.conclude(intent, answer.status, { after });
    this.#options.record(change, {
      object: describeResource(gvr, name),
      before,
      ...(after === undefined ? {} : { after }),
    });
    return answer;
  }

  async #delete(change: Change, gvr: GroupVersionResource, { object, ownership }: Existing): Promise<Answer> {
    if (ownership !== 'ours') return this.#refuse(change, 'delete', gvr, object, ownership);
    const stranger = await strangerBelow(this.#options.rest, this.#options.owners, gvr, object);
    if (stranger !== undefined) return this.#refuse(change, 'delete', stranger.gvr, stranger.object);
    const before = snapshotOf(object);
    const { name, uid } = object.metadata;
    const intent = await this.#journal.announce({ action: 'delete', gvr, name, ownership, uid, before });
    const answer = await this.#send(intent, withPrecondition(change, uid));
    await this.#journal.conclude(intent, answer.status);
    this.#options.record(change, { object: describeResource(gvr, name), before });
    return answer;
  }

  /** One by one, since a collection may change between reading and deleting it. */
  async #deleteCollection(change: Change): Promise<Answer> {
    const gvr = objectResource(change.info);
    const selection = new URLSearchParams();
    for (const key of ['labelSelector', 'fieldSelector']) {
      const value = change.info.query.get(key);
      if (value !== null) selection.set(key, value);
    }
    const objects = await listObjects(this.#options.rest, gvr, selection);
    const gvrs = objects.map(({ metadata: { namespace } }) => ({
      ...gvr,
      ...(namespace === undefined ? {} : { namespace }),
    }));
    for (const [index, object] of objects.entries()) {
      const at = gvrs[index] ?? gvr;
      const ownership = await this.#ownershipOf(at, object);
      if (ownership !== 'ours') return this.#refuse(change, 'delete', at, object, ownership);
    }
    for (const [index, object] of objects.entries()) {
      const at = gvrs[index] ?? gvr;
      const path = `${change.path.split('?')[0]}/${encodeURIComponent(object.metadata.name)}`;
      const answer = await this.#delete({ ...change, path }, at, { object, ownership: 'ours' });
      if (answer.status >= 300 && answer.status !== 404) return answer;
    }
    const { group, version } = gvr;
    const apiVersion = group === '' ? version : `${group}/${version}`;
    return jsonAnswer(200, { apiVersion, kind: 'List', metadata: {}, items: objects });
  }

  /** Determines the owner. If the creation of this object was announced but never answered, that is resolved first. */
  async #ownershipOf(gvr: GroupVersionResource, object: KubeObject): Promise<Ownership> {
    const { owners, ledger, rest } = this.#options;
    const ownership = await owners.ownershipOf(gvr, object);
    if (ownership === 'ours' || !(await resolveInDoubt(rest, ledger, gvr))) return ownership;
    return owners.ownershipOf(gvr, object);
  }

  #refuse(
    change: Change,
    what: string,
    gvr: GroupVersionResource,
    object: KubeObject,
    ownership: Ownership = 'foreign',
  ): Answer {
    this.#options.record(change, {
      object: describeResource(gvr, object.metadata.name),
      refused: 'LW-GUARD-REFUSED',
    });
    return refusal(what, gvr, object, ownership);
  }

  async #send(intent: Intent, change: Change): Promise<Answer> {
    try {
      return await this.#forward(change);
    } catch (error) {
      await this.#journal.conclude(intent, 0);
      throw error;
    }
  }

  #forward({ method, path, headers, body }: Change): Promise<Answer> {
    // The proxy reads the answers too, so it asks for JSON, which every client accepts.
    return exchange(this.#options.connection, method, path, { ...headers, accept: 'application/json' }, body);
  }
}
