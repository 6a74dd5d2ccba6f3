/** The host's private directory. */
import { lstat, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/** A private directory with a short path (Unix socket paths are limited to 107 bytes); those of dead hosts are removed. */
export async function hostDirectory(): Promise<string> {
  const root = join(tmpdir(), `labwright-${userInfo().uid}`);
  await mkdir(root, { recursive: true, mode: 0o700 });
  const found = await lstat(root);
  // The name is predictable: on a shared machine another user may have created it first.
  if (!found.isDirectory() || found.uid !== userInfo().uid || (found.mode & 0o077) !== 0)
    throw new Error(
      `${root} is not a private directory of this user: remove it, or set TMPDIR to a directory of your own`,
    );
  const prefix = `host-${process.pid}-`;
  for (const entry of await readdir(root)) {
    const host = /^host-(\d+)-/.exec(entry)?.[1];
    if (host !== undefined && !isAlive(Number(host)))
      await rm(join(root, entry), { recursive: true, force: true }).catch(() => undefined);
  }
  return mkdtemp(join(root, prefix));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
