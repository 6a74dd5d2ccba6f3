/**
 * Controllers in the shape of controller-runtime's builder: the kind a controller is for, what it owns and watches, and
 * how it reconciles. The informers are the process's shared ones.
 *
 *     controllerFor(context, 'replicaset-controller', REPLICA_SETS)
 *       .owns(PODS)
 *       .reconciles((set) => worker.reconcile(set));
 */

import { matches } from '../labels/selector.ts';
import type { Client, KubeObject, Resource } from './client.ts';
import { Controller } from './controller.ts';
import type { Expectations } from './expectations.ts';
import { type Change, keyOf } from './informer.ts';
import type { Informers } from './informers.ts';
import type { LabelSelector } from './kinds.ts';
import { controllerOf } from './ownership.ts';

export interface ControllerContext {
  readonly client: Client;
  readonly informers: Informers;
  log(component: string, message: string): void;
}

/** A controller that runs. */
export interface RunningController {
  readonly name: string;
  /** Resolves when nothing is being reconciled any more. */
  stop(): Promise<void>;
}

/** Which changes count, and after how many milliseconds to reconcile. By default all, at once. */
export interface WatchOptions<T> {
  when?(change: Change<T>): boolean;
  after?(change: Change<T>): number;
}

interface OwnsOptions<T extends KubeObject, Owned extends KubeObject> {
  /** Called with what the watch delivers, so that it is no longer expected. */
  readonly expectations?: Expectations<Owned>;
  /** Objects without an owner that match are also for this controller: it may adopt them. */
  selector?(object: T): LabelSelector;
}

// biome-ignore lint/suspicious/noConfusingVoidType: most controllers return nothing
type Again = number | void;

/** What a controller does with an object. */
export interface Reconciles<T> {
  /** An existing object. A returned number requests another round after that many milliseconds. */
  present(object: T): Promise<Again>;
  /** An object that is being deleted; ignored by default. */
  deleting?(object: T): Promise<Again>;
  /** An object that no longer exists, by its key. */
  gone?(key: string): Promise<Again>;
}

export function controllerFor<T extends KubeObject>(
  context: ControllerContext,
  name: string,
  of: Resource<T>,
  options: WatchOptions<T> = {},
): ControllerBuilder<T> {
  return new ControllerBuilder(context, name, of, options);
}

/** Created by `controllerFor`. Nothing is watched before `reconciles`. */
export class ControllerBuilder<T extends KubeObject> {
  readonly #context: ControllerContext;
  readonly #name: string;
  readonly #of: Resource<T>;
  readonly #options: WatchOptions<T>;
  readonly #needs: Resource[] = [];
  readonly #sources: ((controller: Controller) => void)[] = [];

  constructor(context: ControllerContext, name: string, of: Resource<T>, options: WatchOptions<T>) {
    this.#context = context;
    this.#name = name;
    this.#of = of;
    this.#options = options;
  }

  /** A change of an object wakes its controlling owner, if that is of the controller's kind. */
  owns<Owned extends KubeObject>(of: Resource<Owned>, options: OwnsOptions<T, Owned> = {}): this {
    const { expectations, selector } = options;
    return this.watches(of, ({ type, object, before }) => {
      expectations?.observed(object, type === 'deleted');
      const owners = [object, before].map((one) => one && controllerOf(one));
      const keys = owners.flatMap((owner) =>
        owner?.kind === this.#of.kind ? [`${object.metadata.namespace}/${owner.name}`] : [],
      );
      if (controllerOf(object) !== undefined || selector === undefined) return keys;
      const adopting = this.#context.informers
        .of(this.#of)
        .list(object.metadata.namespace)
        .filter((one) => matches(selector(one), object.metadata.labels));
      return [...keys, ...adopting.map(keyOf)];
    });
  }

  /** A change of an object wakes the keys that `keys` returns; its kind is listed before the first reconcile. */
  watches<Watched extends KubeObject>(
    of: Resource<Watched>,
    keys: (change: Change<Watched>) => Iterable<string>,
    options: WatchOptions<Watched> = {},
  ): this {
    this.#needs.push(of);
    this.#sources.push((controller) => {
      this.#context.informers.of(of).onChange((change) => {
        if (options.when?.(change) === false) return;
        for (const key of keys(change)) enqueue(controller, key, options.after?.(change));
      });
    });
    return this;
  }

  /** Kinds that are read but do not wake the controller; listed before the first reconcile. */
  reads(...kinds: readonly Resource[]): this {
    this.#needs.push(...kinds);
    return this;
  }

  /** A source besides the API that concerns every object of the kind. `subscribe` gets the function to call. */
  wakesOn(subscribe: (everything: () => void) => void): this {
    this.#sources.push((controller) => {
      const objects = this.#context.informers.of(this.#of);
      subscribe(() => {
        for (const object of objects.list()) controller.enqueue(keyOf(object));
      });
    });
    return this;
  }

  /** Starts the controller. */
  reconciles(reconcile: Reconciles<T> | Reconciles<T>['present']): RunningController {
    const steps = typeof reconcile === 'function' ? { present: reconcile } : reconcile;
    const { informers, log } = this.#context;
    const objects = informers.of(this.#of);
    const controller = new Controller(
      async (key) => {
        await Promise.all(this.#needs.map((kind) => informers.of(kind).start()));
        const object = objects.get(key);
        if (object === undefined) return steps.gone?.(key);
        return object.metadata.deletionTimestamp === undefined ? steps.present(object) : steps.deleting?.(object);
      },
      (key, error) => log(this.#name, `${key}: ${error instanceof Error ? error.message : String(error)}`),
    );
    objects.onChange((change) => {
      if (this.#options.when?.(change) === false) return;
      enqueue(controller, keyOf(change.object), this.#options.after?.(change));
    });
    for (const source of this.#sources) source(controller);
    return { name: this.#name, stop: () => controller.stop() };
  }
}

function enqueue(controller: Controller, key: string, after: number | undefined): void {
  if (after === undefined || after <= 0) controller.enqueue(key);
  else controller.enqueueAfter(key, after);
}
