/**
 * What becomes of a call that changes something. Its object is looked at first: what is not ours stays as it is. Then the
 * intent goes into the ledger, the call to the cluster, and the result into the ledger.
 */
import type { Connection } from '../../kube/connection.ts';
import { ApiError, type Rest } from '../../kube/rest.ts';
import type { Intent, Snapshot, Standing } from '../ledger/entry.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { getObject, type KubeObject, listObjects, snapshotOf } from '../ledger/object.ts';
import type { Ownership } from '../ledger/ownership.ts';
import { settle } from '../ledger/resolve-in-doubt.ts';
import { decode, isReadable, pinned, replacing, withPrecondition } from './document.ts';
import { exchange } from './message.ts';
import type { Change, Gate } from './proxy.ts';
import { refusal } from './refusal.ts';
import { type Call, describePlace, type Place } from './request-info.ts';
import { type Answer, jsonAnswer, statusAnswer } from './status.ts';
import { objectPlace, strangerBelow } from './targets.ts';

/** What is told of a change besides its request and status. */
export interface ChangeRecord {
  readonly object: string;
  readonly before?: Snapshot;
  readonly after?: Snapshot;
  readonly refused?: string;
}

export interface GateOptions {
  readonly connection: Connection;
  readonly rest: Rest;
  readonly ledger: Ledger;
  readonly ownership: Ownership;
  /** False while nobody may rely on this run being the only one. */
  readonly holds: () => boolean;
  readonly record: (change: Change, record: ChangeRecord) => void;
}

/** A call on one object that exists. */
interface Existing {
  readonly object: KubeObject;
  readonly standing: Standing;
}

export class LedgerGate implements Gate {
  readonly #options: GateOptions;

  constructor(options: GateOptions) {
    this.#options = options;
  }

  async change(change: Change): Promise<Answer> {
    if (change.call.harmless) return this.#forward(change);
    if (!this.#options.holds())
      return statusAnswer(503, 'ServiceUnavailable', 'this run no longer holds the cluster  (LW-LEASE-LOST)');
    if (change.body.length > 0 && !isReadable(change))
      return statusAnswer(
        415,
        'UnsupportedMediaType',
        'Labwright’s guard reads JSON, YAML and Kubernetes’ protobuf only',
      );
    try {
      return await this.#judge(change);
    } catch (error) {
      // The cluster's own words, when it would not let us look.
      if (error instanceof ApiError && error.code !== 0) return statusAnswer(error.code, error.reason, error.message);
      throw error;
    }
  }

  async connect(call: Call): Promise<Answer | undefined> {
    const place = objectPlace(call);
    const object = call.name === undefined ? undefined : await getObject(this.#options.rest, place, call.name);
    if (object === undefined) return undefined;
    const standing = await this.#standingOf(place, object);
    return standing === 'foreign' || standing === 'declared'
      ? refusal(call.subresource ?? 'connect to', place, object)
      : undefined;
  }

  async #judge(change: Change): Promise<Answer> {
    const { call } = change;
    if (call.verb === 'create') return this.#create(change);
    if (call.verb === 'deletecollection') return this.#deleteCollection(change);
    if (call.verb === 'connect') return (await this.connect(call)) ?? this.#forward(change);
    const place = objectPlace(call);
    const name = call.name ?? '';
    const object = await getObject(this.#options.rest, place, name);
    // Some calls make what they don't find; the others get the cluster's own answer.
    if (object === undefined) return call.verb === 'delete' ? this.#forward(change) : this.#make(change, place, name);
    const existing = { object, standing: await this.#standingOf(place, object) };
    if (call.verb === 'delete' || call.subresource === 'eviction') return this.#delete(change, place, existing);
    return this.#update(change, place, existing);
  }

  /** A POST to a collection. One that finds its name taken gets the cluster's own answer, or, with `--adopt`, the object. */
  async #create(change: Change): Promise<Answer> {
    const place = objectPlace(change.call);
    const metadata = decode(change)['metadata'] as { name?: unknown } | undefined;
    const name = typeof metadata?.name === 'string' && metadata.name !== '' ? metadata.name : undefined;
    const object = name === undefined ? undefined : await getObject(this.#options.rest, place, name);
    if (object !== undefined && (await this.#standingOf(place, object)) === 'adopted')
      return this.#adopt(change, place, object);
    return this.#make(change, place, name, object);
  }

  async #make(change: Change, place: Place, name: string | undefined, found?: KubeObject): Promise<Answer> {
    const sent = change.call.subresource === undefined ? decode(change) : {};
    const { generateName } = (sent['metadata'] ?? {}) as { generateName?: unknown };
    const intent = await this.#announce({
      action: 'create',
      place,
      standing: 'ours',
      ...(name === undefined ? {} : { name }),
      ...(typeof generateName === 'string' ? { generateName } : {}),
      ...(found === undefined ? {} : { uid: found.metadata.uid }),
      sent,
    });
    const answer = await this.#send(intent, change);
    const made = answer.status < 300 ? await this.#made(place, answer, name) : undefined;
    await this.#conclude(intent, answer.status, made);
    this.#options.record(change, {
      object: describePlace(place, made?.metadata.name ?? name),
      ...(made === undefined ? {} : { after: snapshotOf(made) }),
    });
    return answer;
  }

  /** An object that exists already takes the place of the one the lab would create. */
  async #adopt(change: Change, place: Place, object: KubeObject): Promise<Answer> {
    // A Project is asked for by name alone: there is nothing to change.
    if (place.resource === 'namespaces') return jsonAnswer(201, object);
    const { name, uid, resourceVersion } = object.metadata;
    const put = replacing(change, name, uid, resourceVersion);
    const answer = await this.#update(put, place, { object, standing: 'adopted' });
    return answer.status === 200 ? { ...answer, status: 201 } : answer;
  }

  async #update(change: Change, place: Place, { object, standing }: Existing): Promise<Answer> {
    if (standing === 'foreign') return this.#refuse(change, 'change', place, object);
    const before = snapshotOf(object);
    const { name, uid } = object.metadata;
    const intent = await this.#announce({ action: 'change', place, name, standing, uid, before });
    const answer = await this.#send(intent, change.call.subresource === undefined ? pinned(change, uid) : change);
    const now = answer.status < 300 ? await this.#changed(change, answer, place, name) : undefined;
    const after = now === undefined || now.metadata.uid !== uid ? undefined : snapshotOf(now);
    await this.#conclude(intent, answer.status, undefined, after);
    this.#options.record(change, {
      object: describePlace(place, name),
      before,
      ...(after === undefined ? {} : { after }),
    });
    return answer;
  }

  async #delete(change: Change, place: Place, { object, standing }: Existing): Promise<Answer> {
    if (standing !== 'ours') return this.#refuse(change, 'delete', place, object, standing);
    const stranger = await strangerBelow(this.#options.rest, this.#options.ownership, place, object);
    if (stranger !== undefined) return this.#refuse(change, 'delete', stranger.place, stranger.object);
    const before = snapshotOf(object);
    const { name, uid } = object.metadata;
    const intent = await this.#announce({ action: 'delete', place, name, standing, uid, before });
    const answer = await this.#send(intent, withPrecondition(change, uid));
    await this.#conclude(intent, answer.status);
    this.#options.record(change, { object: describePlace(place, name), before });
    return answer;
  }

  /** Object by object, since a collection may change between a look at it and its deletion. */
  async #deleteCollection(change: Change): Promise<Answer> {
    const place = objectPlace(change.call);
    const selection = new URLSearchParams();
    for (const key of ['labelSelector', 'fieldSelector']) {
      const value = change.call.query.get(key);
      if (value !== null) selection.set(key, value);
    }
    const objects = await listObjects(this.#options.rest, place, selection);
    const places = objects.map(({ metadata: { namespace } }) => ({
      ...place,
      ...(namespace === undefined ? {} : { namespace }),
    }));
    for (const [index, object] of objects.entries()) {
      const at = places[index] ?? place;
      const standing = await this.#standingOf(at, object);
      if (standing !== 'ours') return this.#refuse(change, 'delete', at, object, standing);
    }
    for (const [index, object] of objects.entries()) {
      const at = places[index] ?? place;
      const path = `${change.path.split('?')[0]}/${encodeURIComponent(object.metadata.name)}`;
      const answer = await this.#delete({ ...change, path }, at, { object, standing: 'ours' });
      if (answer.status >= 300 && answer.status !== 404) return answer;
    }
    const { group, version } = place;
    const apiVersion = group === '' ? version : `${group}/${version}`;
    return jsonAnswer(200, { apiVersion, kind: 'List', metadata: {}, items: objects });
  }

  /** Whose it is. An object whose making was announced and never answered is looked for first. */
  async #standingOf(place: Place, object: KubeObject): Promise<Standing> {
    const { ownership, ledger, rest } = this.#options;
    const standing = await ownership.standingOf(place, object);
    if (standing === 'ours' || !(await settle(rest, ledger, place))) return standing;
    return ownership.standingOf(place, object);
  }

  #refuse(change: Change, what: string, place: Place, object: KubeObject, standing: Standing = 'foreign'): Answer {
    this.#options.record(change, {
      object: describePlace(place, object.metadata.name),
      refused: 'LW-GUARD-REFUSED',
    });
    return refusal(what, place, object, standing);
  }

  async #announce(intent: Omit<Intent, 'type' | 'seq' | 'at'>): Promise<Intent> {
    const { ledger } = this.#options;
    const entry: Intent = { type: 'intent', seq: ledger.nextSequence(), at: this.#now(), ...intent };
    await ledger.append(entry);
    return entry;
  }

  async #send(intent: Intent, change: Change): Promise<Answer> {
    try {
      return await this.#forward(change);
    } catch (error) {
      await this.#conclude(intent, 0);
      throw error;
    }
  }

  async #conclude(intent: Intent, status: number, made?: KubeObject, after?: Snapshot): Promise<void> {
    await this.#options.ledger.append({
      type: 'result',
      seq: intent.seq,
      at: this.#now(),
      // A server that failed does not say whether it did it before.
      status: status >= 500 ? 0 : status,
      ...(made === undefined ? {} : { uid: made.metadata.uid, name: made.metadata.name }),
      ...(after === undefined ? {} : { after }),
    });
  }

  /** What was made; of a Project, the namespace behind it. */
  async #made(place: Place, answer: Answer, name: string | undefined): Promise<KubeObject | undefined> {
    const object = JSON.parse(answer.body.toString('utf8')) as KubeObject;
    const known = object.metadata?.name ?? name;
    if (place.resource === 'namespaces' && known !== undefined) return getObject(this.#options.rest, place, known);
    return object.metadata?.uid === undefined ? undefined : object;
  }

  async #changed(change: Change, answer: Answer, place: Place, name: string): Promise<KubeObject | undefined> {
    if (change.call.subresource !== undefined) return getObject(this.#options.rest, place, name);
    const object = JSON.parse(answer.body.toString('utf8')) as KubeObject;
    return object.metadata?.uid === undefined ? undefined : object;
  }

  #forward({ method, path, headers, body }: Change): Promise<Answer> {
    // Answers are read here as well: JSON, which every client takes.
    return exchange(this.#options.connection, method, path, { ...headers, accept: 'application/json' }, body);
  }

  #now(): string {
    return new Date(this.#options.rest.serverTime()).toISOString();
  }
}
