/**
 * Directories of sandboxes: private, with short paths (Unix sockets are limited to 107 bytes), and removed when their owner is
 * gone.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { lstat, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PREFIX = 'labwright-';
const OWNER = 'owner';

/** Creates a directory that the next start removes if this process dies without removing it. */
export async function makeDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), PREFIX));
  await writeFile(join(directory, OWNER), identity(process.pid) ?? '');
  return directory;
}

/** Removes directories of this user's sandboxes whose process is gone. Never fails. */
export async function sweep(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(PREFIX))) {
    const directory = join(tmpdir(), name);
    try {
      const { uid } = await lstat(directory);
      const owner = readFileSync(join(directory, OWNER), 'utf8');
      const pid = Number(owner.split(' ')[0]);
      if (uid === process.getuid?.() && owner !== '' && identity(pid) !== owner) await remove(directory);
    } catch {
      // It belongs to another user, or is being created or removed right now.
    }
  }
}

/** Retried: a process that is being killed may still write into it. */
export async function remove(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
}

/** Process id and start time, because ids are reused. */
function identity(pid: number): string | undefined {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const started = line.slice(line.lastIndexOf(')') + 2).split(' ')[19];
    return `${pid} ${started}`;
  } catch {
    return undefined;
  }
}
