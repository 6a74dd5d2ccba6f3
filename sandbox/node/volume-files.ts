/** Files of a volume that change atomically: readers see either the old ones or the new ones, as in kubelets. */
import { chmod, mkdir, readdir, readFile, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';

export interface VolumeFile {
  /** The path inside the volume. */
  readonly path: string;
  readonly content: Buffer | string;
  readonly mode: number;
}

const DATA = '..data';
let generation = 0;

/** Top-level names are links through `..data`, which links to the current generation. Does nothing if nothing changes. */
export async function writeAtOnce(volume: string, files: readonly VolumeFile[]): Promise<void> {
  await mkdir(volume, { recursive: true });
  const before = await readlink(join(volume, DATA)).catch(() => undefined);
  if (before !== undefined && (await same(join(volume, before), files))) return;
  generation += 1;
  const fresh = `..${new Date().toISOString().replaceAll(/[-:]/g, '_').slice(0, 19)}.${generation}`;
  await mkdir(join(volume, fresh));
  for (const { path, content, mode } of files) {
    const at = inside(join(volume, fresh), path);
    await mkdir(dirname(at), { recursive: true });
    await writeFile(at, content);
    await chmod(at, mode);
  }
  await symlink(fresh, join(volume, `${DATA}_new`));
  await rename(join(volume, `${DATA}_new`), join(volume, DATA));
  await linkNames(volume, new Set(files.map(({ path }) => normalize(`/${path}`).split('/')[1] ?? '')));
  if (before !== undefined) await rm(join(volume, before), { recursive: true, force: true });
}

async function linkNames(volume: string, names: ReadonlySet<string>): Promise<void> {
  const there = (await readdir(volume)).filter((name) => !name.startsWith('..'));
  for (const name of there) if (!names.has(name)) await rm(join(volume, name), { force: true });
  for (const name of names) if (!there.includes(name)) await symlink(join(DATA, name), join(volume, name));
}

async function same(directory: string, files: readonly VolumeFile[]): Promise<boolean> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
  if (entries.filter((entry) => entry.isFile()).length !== files.length) return false;
  for (const { path, content } of files) {
    const now = await readFile(inside(directory, path)).catch(() => undefined);
    if (now === undefined || !now.equals(Buffer.from(content))) return false;
  }
  return true;
}

/** A key must not lead out of its volume. */
function inside(directory: string, path: string): string {
  return join(directory, normalize(`/${path}`));
}
