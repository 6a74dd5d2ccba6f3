/** The files of a pod's volumes: written before its containers start, and again when their sources change. */
import { mkdir, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Client } from '../client/client.ts';
import { PERSISTENT_VOLUME_CLAIMS, PERSISTENT_VOLUMES } from '../controllers/persistent-volumes.ts';
import { ConfigError, dataOf, fieldOf, resourceOf } from './environment.ts';
import type { ConfigMapSource, DownwardItem, KeyToPath, Pod, SecretSource, Volume } from './kinds.ts';
import type { PodTokens } from './pod-tokens.ts';
import { type VolumeFile, writeAtOnce } from './volume-files.ts';

export interface VolumeOwner {
  readonly client: Client;
  readonly pod: Pod;
  readonly tokens: PodTokens;
}

/** Writes the files of all volumes under `directory/<volume>`. @throws {ConfigError} if a source is missing. */
export async function writeVolumes(owner: VolumeOwner, directory: string): Promise<void> {
  for (const volume of owner.pod.spec.volumes ?? []) {
    const path = join(directory, volume.name);
    const claim = volume.persistentVolumeClaim;
    if (claim !== undefined) await link(await claimed(owner, claim.claimName), path);
    else if (volume.hostPath === undefined) {
      await mkdir(path, { recursive: true, mode: 0o777 });
      if (hasFiles(volume)) await writeAtOnce(path, await contentOf(owner, volume));
    }
  }
}

/** Whether a change of that ConfigMap or Secret affects the pod's volumes. */
export function mounts(pod: Pod, kind: 'configMap' | 'secret', name: string): boolean {
  const named = (source: ConfigMapSource & SecretSource): boolean => (source.secretName ?? source.name) === name;
  return (pod.spec.volumes ?? []).some((volume) =>
    [volume[kind], ...(volume.projected?.sources ?? []).map((source) => source[kind])].some(
      (source) => source !== undefined && named(source),
    ),
  );
}

function hasFiles({ projected, configMap, secret, downwardAPI }: Volume): boolean {
  return [projected, configMap, secret, downwardAPI].some((source) => source !== undefined);
}

async function link(target: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await rm(path, { force: true });
  await symlink(target, path);
}

/** The directory of a bound claim. @throws {ConfigError} while it is not bound. */
async function claimed({ client, pod }: VolumeOwner, name: string): Promise<string> {
  const claim = await client.find(PERSISTENT_VOLUME_CLAIMS, name, pod.metadata.namespace);
  if (claim === undefined) throw new ConfigError(`persistentvolumeclaim "${name}" not found`);
  const { volumeName } = claim.spec;
  if (claim.status?.phase !== 'Bound' || !volumeName)
    throw new ConfigError(`persistentvolumeclaim "${name}" is not bound`);
  const volume = await client.find(PERSISTENT_VOLUMES, volumeName);
  const path = volume?.spec.hostPath?.path ?? volume?.spec.local?.path;
  if (path === undefined) throw new ConfigError(`persistentvolume "${volumeName}" is not a directory of this machine`);
  return path;
}

const DEFAULT_MODE = 0o644;
const TOKEN_MODE = 0o600;

async function contentOf(owner: VolumeOwner, volume: Volume): Promise<VolumeFile[]> {
  const { projected, configMap, secret, downwardAPI } = volume;
  const mode = (projected ?? configMap ?? secret ?? downwardAPI)?.defaultMode ?? DEFAULT_MODE;
  const sources: NonNullable<NonNullable<Volume['projected']>['sources']> = [
    ...(projected?.sources ?? []),
    ...(configMap === undefined ? [] : [{ configMap }]),
    ...(secret === undefined ? [] : [{ secret }]),
    ...(downwardAPI === undefined ? [] : [{ downwardAPI }]),
  ];
  const files: VolumeFile[] = [];
  for (const source of sources) {
    if (source.configMap) files.push(...(await keyed(owner, 'configmap', source.configMap, mode)));
    if (source.secret) files.push(...(await keyed(owner, 'secret', source.secret, mode)));
    if (source.downwardAPI) files.push(...downward(owner.pod, source.downwardAPI.items ?? [], mode));
    const token = source.serviceAccountToken;
    if (token !== undefined)
      files.push({ path: token.path, content: await owner.tokens.get(owner.pod, token), mode: TOKEN_MODE });
  }
  return files;
}

async function keyed(
  { client, pod }: VolumeOwner,
  kind: 'configmap' | 'secret',
  source: ConfigMapSource & SecretSource,
  defaultMode: number,
): Promise<VolumeFile[]> {
  const name = source.secretName ?? source.name;
  const data = await dataOf(client, kind, pod.metadata.namespace, name, source.optional);
  const items: KeyToPath[] = source.items ?? Object.keys(data ?? {}).map((key) => ({ key, path: key }));
  return items.flatMap(({ key, path, mode = defaultMode }) => {
    const content = data?.[key];
    if (content !== undefined) return [{ path, content, mode }];
    if (source.optional === true) return [];
    throw new ConfigError(`references non-existent ${kind === 'secret' ? 'secret' : 'config'} key: ${key}`);
  });
}

function downward(pod: Pod, items: readonly DownwardItem[], defaultMode: number): VolumeFile[] {
  return items.map(({ path, fieldRef, resourceFieldRef, mode = defaultMode }) => {
    if (fieldRef !== undefined) return { path, content: fieldOf(pod, fieldRef.fieldPath), mode };
    const container = pod.spec.containers.find((one) => one.name === resourceFieldRef?.containerName);
    const content = container === undefined ? '' : resourceOf(container, resourceFieldRef?.resource ?? '');
    return { path, content, mode };
  });
}
