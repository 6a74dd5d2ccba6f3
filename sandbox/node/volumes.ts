/** The files of a pod's volumes, and the shell lines that mount them into a container. */
import { lstat, mkdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { PERSISTENT_VOLUME_CLAIMS, PERSISTENT_VOLUMES } from '../controllers/persistent-volumes.ts';
import type { Client } from '../runtime/client.ts';
import { ConfigError, dataOf, fieldOf, resourceOf } from './environment.ts';
import type { ConfigMapSource, Container, DownwardItem, KeyToPath, Pod, SecretSource, Volume } from './kinds.ts';

/** Writes the files of all volumes under `directory/<volume>`. @throws {ConfigError} when a source is missing. */
export async function writeVolumes(client: Client, pod: Pod, directory: string): Promise<void> {
  for (const volume of pod.spec.volumes ?? []) {
    const path = join(directory, volume.name);
    if (volume.persistentVolumeClaim !== undefined) {
      await link(await claimed(client, pod, volume.persistentVolumeClaim.claimName), path);
      continue;
    }
    await mkdir(path, { recursive: true, mode: 0o777 });
    for (const [name, content] of await contentOf(client, pod, volume)) await writeInside(path, name, content);
  }
}

async function link(target: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await rm(path, { force: true });
  await symlink(target, path);
}

/** The directory of a bound claim. @throws {ConfigError} while it is not bound. */
async function claimed(client: Client, pod: Pod, name: string): Promise<string> {
  const claim = await client.find(PERSISTENT_VOLUME_CLAIMS, name, pod.metadata.namespace);
  if (claim === undefined) throw new ConfigError(`persistentvolumeclaim "${name}" not found`);
  const { volumeName } = claim.spec;
  if (claim.status?.phase !== 'Bound' || !volumeName)
    throw new ConfigError(`persistentvolumeclaim "${name}" is not bound`);
  const volume = await client.find(PERSISTENT_VOLUMES, volumeName);
  const path = volume?.spec.hostPath?.path ?? volume?.spec.local?.path;
  if (path === undefined) throw new ConfigError(`persistentvolume "${volumeName}" is no directory of this machine`);
  return path;
}

async function writeInside(directory: string, name: string, content: Buffer | string): Promise<void> {
  // A key may not lead out of its volume.
  const path = join(directory, normalize(`/${name}`));
  await mkdir(dirname(path), { recursive: true });
  await rm(path, { force: true });
  await writeFile(path, content);
}

type Files = [string, Buffer | string][];

async function contentOf(client: Client, pod: Pod, volume: Volume): Promise<Files> {
  const sources = [
    ...(volume.projected?.sources ?? []),
    ...(volume.configMap === undefined ? [] : [{ configMap: volume.configMap }]),
    ...(volume.secret === undefined ? [] : [{ secret: volume.secret }]),
    ...(volume.downwardAPI === undefined ? [] : [{ downwardAPI: volume.downwardAPI }]),
  ];
  const files: Files = [];
  for (const source of sources) {
    if (source.configMap) files.push(...(await keyed(client, pod, 'configmap', source.configMap)));
    if (source.secret) files.push(...(await keyed(client, pod, 'secret', source.secret)));
    if (source.downwardAPI) files.push(...downward(pod, source.downwardAPI.items ?? []));
    if ('serviceAccountToken' in source && source.serviceAccountToken)
      files.push([source.serviceAccountToken.path, '']);
  }
  return files;
}

async function keyed(
  client: Client,
  pod: Pod,
  kind: 'configmap' | 'secret',
  source: ConfigMapSource & SecretSource,
): Promise<Files> {
  const data = await dataOf(client, kind, pod.metadata.namespace, source.secretName ?? source.name, source.optional);
  const items: KeyToPath[] = source.items ?? Object.keys(data ?? {}).map((key) => ({ key, path: key }));
  return items.flatMap(({ key, path }): Files => {
    const value = data?.[key];
    return value === undefined ? [] : [[path, value]];
  });
}

function downward(pod: Pod, items: readonly DownwardItem[]): Files {
  return items.map(({ path, fieldRef, resourceFieldRef }) => {
    if (fieldRef !== undefined) return [path, fieldOf(pod, fieldRef.fieldPath)];
    const container = pod.spec.containers.find((one) => one.name === resourceFieldRef?.containerName);
    return [path, container === undefined ? '' : resourceOf(container, resourceFieldRef?.resource ?? '')];
  });
}

/** Service account tokens are nobody's here: no program in a pod speaks to the API. */
const SKIPPED = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * Shell lines, to be run as root of the pod in a mount namespace of the container's own. Where a mount point does not
 * exist on this machine, a root directory is built of links to the machine's, in which it does.
 * @param directory where `writeVolumes` wrote. @param scratch an empty directory of the container's.
 */
export async function mountLines(pod: Pod, container: Container, directory: string, scratch: string): Promise<string> {
  const mounts = (container.volumeMounts ?? []).filter(({ mountPath }) => mountPath !== SKIPPED);
  if (mounts.length === 0) return '';
  const binds: { source: string; target: string }[] = [];
  for (const { name, mountPath, subPath } of mounts) {
    const volume = pod.spec.volumes?.find((one) => one.name === name);
    const root = volume?.hostPath?.path ?? join(directory, name);
    const source = subPath === undefined ? root : join(root, normalize(`/${subPath}`));
    if (subPath !== undefined && !(await exists(source))) await mkdir(source, { recursive: true });
    binds.push({ source, target: normalize(mountPath) });
  }
  binds.sort((a, b) => a.target.length - b.target.length);
  const missing = (await Promise.all(binds.map(({ target }) => exists(target)))).includes(false);
  const prefix = missing ? await buildRoot(binds, scratch) : '';
  const lines = binds.map(
    ({ source, target }) => `mount --bind ${quote(source)} ${quote(prefix + target)} || exit 128`,
  );
  return missing ? [...enterRoot(prefix, lines)].join('\n') : `${lines.join('\n')}\n`;
}

/** Directories on the way to the mount points are made; everything beside them is a link into `/.host`, the machine's root. */
async function buildRoot(binds: readonly { source: string; target: string }[], scratch: string): Promise<string> {
  const root = join(scratch, 'root');
  await mkdir(root, { recursive: true });
  const mirrored = new Set<string>();
  const mirror = async (path: string): Promise<void> => {
    if (mirrored.has(path)) return;
    mirrored.add(path);
    if (path !== '/') await mirror(dirname(path));
    await rm(join(root, path), { force: true, recursive: true });
    await mkdir(join(root, path), { recursive: true });
    const { readdir } = await import('node:fs/promises');
    const real = await realpath(path).catch(() => undefined);
    const entries = real === undefined ? [] : await readdir(real).catch(() => []);
    for (const entry of entries) {
      const to = join(root, path, entry);
      if (!(await exists(to))) await symlink(join('/.host', real ?? '', entry), to);
    }
  };
  for (const { source, target } of binds) {
    await mirror(dirname(target));
    await rm(join(root, target), { force: true, recursive: true });
    if (await isFile(source)) await writeFile(join(root, target), '');
    else await mkdir(join(root, target), { recursive: true });
  }
  for (const name of ['.host', 'proc', 'dev', 'sys']) {
    await rm(join(root, name), { force: true, recursive: true });
    await mkdir(join(root, name), { recursive: true });
  }
  return root;
}

function enterRoot(root: string, lines: readonly string[]): string[] {
  const at = quote(root);
  return [
    `mount --bind ${at} ${at} || exit 128`,
    ...lines,
    `mount --rbind / ${at}/.host || exit 128`,
    ...['proc', 'dev', 'sys'].map((name) => `mount --rbind /${name} ${at}/${name} || exit 128`),
    `cd ${at} && pivot_root . . && umount -l . && cd / || exit 128`,
    '',
  ];
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

async function isFile(path: string): Promise<boolean> {
  return lstat(path).then(
    (stats) => stats.isFile(),
    () => false,
  );
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
