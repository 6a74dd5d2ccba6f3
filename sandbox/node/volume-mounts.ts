/** The shell lines that mount a pod's volumes into a container. */
import { lstat, mkdir, readdir, realpath, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { shellQuote } from '../../model/shell-quote.ts';
import type { Container, Pod } from './kinds.ts';

/**
 * Shell lines, to be run as root of the pod in the container's own mount namespace. If a mount point does not exist on this
 * machine, a root directory is built from links to the machine's, in which it does.
 * @param directory where `writeVolumes` wrote.
 * @param scratch an empty directory of the container.
 */
export async function mountLines(pod: Pod, container: Container, directory: string, scratch: string): Promise<string> {
  const mounts = container.volumeMounts ?? [];
  if (mounts.length === 0) return '';
  const binds: Bind[] = [];
  for (const { name, mountPath, subPath, readOnly = false } of mounts) {
    const volume = pod.spec.volumes?.find((one) => one.name === name);
    const root = volume?.hostPath?.path ?? join(directory, name);
    const source = subPath === undefined ? root : join(root, normalize(`/${subPath}`));
    if (subPath !== undefined && !(await exists(source))) await mkdir(source, { recursive: true });
    binds.push({ source, target: normalize(mountPath), readOnly });
  }
  binds.sort((a, b) => a.target.length - b.target.length);
  const isThere = async ({ target }: Bind): Promise<boolean> => OWN_RUN.test(target) || (await exists(target));
  const missing = (await Promise.all(binds.map(isThere))).includes(false);
  const prefix = missing ? await buildRoot(binds, scratch) : '';
  const lines = binds.flatMap((bind) => bindLines(bind, prefix));
  return missing ? [...enterRoot(prefix, lines)].join('\n') : `${lines.join('\n')}\n`;
}

/** A pod has its own /run, in which mount points can be created; the machine's other directories must not be changed. */
const OWN_RUN = /^\/(var\/)?run\/./;

function makeMountPoint(source: string, at: string): string {
  const file = `{ mkdir -p "$(dirname ${at})"; : > ${at}; }`;
  return `if [ -d ${source} ]; then mkdir -p ${at}; else ${file}; fi || exit 128`;
}

interface Bind {
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
}

function bindLines({ source, target, readOnly }: Bind, root: string): string[] {
  const at = shellQuote(root + target);
  const lines = [
    ...(root === '' && OWN_RUN.test(target) ? [makeMountPoint(shellQuote(source), at)] : []),
    `mount --bind ${shellQuote(source)} ${at} || exit 128`,
  ];
  // Mount flags can't be set by the bind itself; flags that the file system has already must be kept.
  const sealed = ['ro', 'ro,nosuid,nodev'].map((flags) => `mount -o remount,bind,${flags} ${at}`);
  return readOnly ? [...lines, `{ ${sealed.join(' || ')}; } 2>/dev/null`] : lines;
}

/** Creates the directories above the mount points. Everything next to them is a link into `/.host`, the machine's root. */
async function buildRoot(binds: readonly Bind[], scratch: string): Promise<string> {
  const root = join(scratch, 'root');
  await mkdir(root, { recursive: true });
  const mirrored = new Set<string>();
  const mirror = async (path: string): Promise<void> => {
    if (mirrored.has(path)) return;
    mirrored.add(path);
    if (path !== '/') await mirror(dirname(path));
    await rm(join(root, path), { force: true, recursive: true });
    await mkdir(join(root, path), { recursive: true });
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
  const at = shellQuote(root);
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

/** A volume shows a ConfigMap's key as a link to a file. */
async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isFile(),
    () => false,
  );
}
