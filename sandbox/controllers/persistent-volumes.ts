/**
 * Storage: every PersistentVolumeClaim is bound at once to a directory of the sandbox, which is deleted with the claim. On a real
 * control plane, whose own controller binds claims, only the volumes are provisioned here.
 */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { controllerFor, type RunningController } from '../client/builder.ts';
import { ApiError, type Client, type KubeObject, resource } from '../client/client.ts';
import { keyOf } from '../client/informer.ts';
import type { AnyObject } from '../client/kinds.ts';
import type { SandboxContext, SandboxSettings } from '../component.ts';

export interface Claim extends KubeObject {
  spec: {
    accessModes?: string[];
    resources?: { requests?: Record<string, string> };
    storageClassName?: string;
    volumeName?: string;
    volumeMode?: string;
  };
  status?: { phase?: string };
}

export interface Volume extends KubeObject {
  spec: {
    hostPath?: { path: string };
    local?: { path: string };
    capacity?: Record<string, string>;
    accessModes?: string[];
    claimRef?: { namespace?: string; name?: string; uid?: string };
    storageClassName?: string;
    persistentVolumeReclaimPolicy?: string;
  };
  status?: { phase?: string };
}

export const PERSISTENT_VOLUME_CLAIMS = resource<Claim>('v1', 'PersistentVolumeClaim', 'persistentvolumeclaims');
export const PERSISTENT_VOLUMES = resource<Volume>('v1', 'PersistentVolume', 'persistentvolumes', 'cluster');
const STORAGE_CLASSES = resource<AnyObject>('storage.k8s.io/v1', 'StorageClass', 'storageclasses', 'cluster');

const PROVISIONER = 'labwright.dev/directory';
const CLASS = 'standard';

/** @param binds false if kube-controller-manager updates the claims. */
export function startPersistentVolumes(context: SandboxContext, binds: boolean): readonly RunningController[] {
  const { informers, log } = context;
  const claims = informers.of(PERSISTENT_VOLUME_CLAIMS);
  const volumes = informers.of(PERSISTENT_VOLUMES);
  const worker = new Worker(context, binds);
  const unbound = (): string[] =>
    claims
      .list()
      .filter((claim) => claim.status?.phase !== 'Bound')
      .map(keyOf);
  const binding = controllerFor(context, 'persistentvolume-binder', PERSISTENT_VOLUME_CLAIMS)
    .watches(PERSISTENT_VOLUMES, unbound, { when: ({ type }) => type !== 'deleted' })
    .reconciles((claim) => worker.bind(claim, volumes.list()));
  const releasing = controllerFor(context, 'persistentvolume-releaser', PERSISTENT_VOLUMES, { when: () => false })
    .watches(
      PERSISTENT_VOLUME_CLAIMS,
      ({ object }) =>
        volumes
          .list()
          .filter((volume) => isFor(volume, object))
          .map(keyOf),
      { when: ({ type }) => type === 'deleted' },
    )
    .reconciles({
      present: (volume) => worker.release(volume),
      deleting: (volume) => worker.release(volume),
    });
  worker.offer().catch((error) => log('persistentvolume-binder', `StorageClass ${CLASS}: ${error}`));
  return [binding, releasing];
}

class Worker {
  readonly #client: Client;
  readonly #settings: SandboxSettings;
  readonly #binds: boolean;

  constructor({ client, settings }: SandboxContext, binds: boolean) {
    this.#client = client;
    this.#settings = settings;
    this.#binds = binds;
  }

  get #directory(): string {
    return join(this.#settings.directory, 'volumes');
  }

  /** The storage class for claims that name none. */
  async offer(): Promise<void> {
    const annotations = { 'storageclass.kubernetes.io/is-default-class': 'true' };
    await this.#client
      .create(STORAGE_CLASSES, {
        apiVersion: 'storage.k8s.io/v1',
        kind: 'StorageClass',
        metadata: { name: CLASS, annotations },
        provisioner: PROVISIONER,
        reclaimPolicy: 'Delete',
        volumeBindingMode: 'Immediate',
      })
      .catch(unless('AlreadyExists'));
  }

  async bind(claim: Claim, volumes: readonly Volume[]): Promise<void> {
    if (claim.status?.phase === 'Bound') return;
    const { volumeName, storageClassName } = claim.spec;
    const there = volumes.find((volume) =>
      volumeName ? volume.metadata.name === volumeName : isFor(volume, claim) || fits(volume, claim),
    );
    // An empty class requires an existing volume.
    if (there === undefined && (volumeName || storageClassName === '')) return;
    const volume = there ?? (await this.#provide(claim));
    if (this.#binds) await this.#join(claim, volume);
  }

  async #provide(claim: Claim): Promise<Volume> {
    const path = join(this.#directory, claim.metadata.uid ?? claim.metadata.name);
    await mkdir(path, { recursive: true, mode: 0o777 });
    const name = `pvc-${claim.metadata.uid}`;
    const wanted: Volume = {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name, annotations: { 'pv.kubernetes.io/provisioned-by': PROVISIONER } },
      spec: {
        accessModes: claim.spec.accessModes ?? ['ReadWriteOnce'],
        capacity: claim.spec.resources?.requests ?? {},
        claimRef: referenceTo(claim),
        hostPath: { path },
        persistentVolumeReclaimPolicy: 'Delete',
        storageClassName: claim.spec.storageClassName ?? CLASS,
      },
    };
    const made = await this.#client.create(PERSISTENT_VOLUMES, wanted).catch(unless('AlreadyExists'));
    return made ?? this.#client.get(PERSISTENT_VOLUMES, name);
  }

  async #join(claim: Claim, volume: Volume): Promise<void> {
    const at = volume.metadata.name;
    if (volume.spec.claimRef?.uid !== claim.metadata.uid)
      await this.#client.patch(PERSISTENT_VOLUMES, at, undefined, { spec: { claimRef: referenceTo(claim) } });
    const bound = { status: { phase: 'Bound' } };
    await this.#client.patch(PERSISTENT_VOLUMES, at, undefined, bound, { subresource: 'status' });
    const { name, namespace } = claim.metadata;
    await this.#client.patch(PERSISTENT_VOLUME_CLAIMS, name, namespace, {
      metadata: { annotations: { 'pv.kubernetes.io/bind-completed': 'yes' } },
      spec: { volumeName: at, storageClassName: claim.spec.storageClassName ?? volume.spec.storageClassName },
    });
    const { accessModes, capacity } = volume.spec;
    const status = { phase: 'Bound', accessModes, capacity };
    await this.#client.patch(PERSISTENT_VOLUME_CLAIMS, name, namespace, { status }, { subresource: 'status' });
  }

  /** Called when a claim has been deleted. */
  async release(volume: Volume): Promise<void> {
    const { name, annotations } = volume.metadata;
    if (annotations?.['pv.kubernetes.io/provisioned-by'] !== PROVISIONER) {
      const status = { phase: 'Released' };
      await this.#client.patch(PERSISTENT_VOLUMES, name, undefined, { status }, { subresource: 'status' });
      return;
    }
    await this.#client.delete(PERSISTENT_VOLUMES, name).catch(unless('NotFound'));
    const path = volume.spec.hostPath?.path ?? '';
    if (path.startsWith(`${this.#directory}/`)) await rm(path, { recursive: true, force: true });
  }
}

function referenceTo({ metadata }: Claim) {
  const { name, namespace = '', uid = '' } = metadata;
  return { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name, namespace, uid };
}

function isFor({ spec }: Volume, { metadata }: Claim): boolean {
  return spec.claimRef?.uid === metadata.uid;
}

/** An existing free volume with the requested class and access modes. */
function fits({ spec }: Volume, claim: Claim): boolean {
  return (
    spec.claimRef === undefined &&
    (spec.storageClassName ?? '') === (claim.spec.storageClassName ?? '') &&
    (claim.spec.accessModes ?? []).every((mode) => spec.accessModes?.includes(mode))
  );
}

function unless(reason: string): (error: unknown) => undefined {
  return (error) => {
    if (error instanceof ApiError && error.reason === reason) return undefined;
    throw error;
  };
}
