/** Directories of sandboxes: short paths (Unix sockets end at 107 bytes), private, and swept when their owner is gone. */
import { readdirSync, readFileSync } from 'node:fs';
import { lstat, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PREFIX = 'labwright-';
const OWNER = 'owner';

/** Makes a directory that the next start removes should this process die without removing it. */
export async function makeDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), PREFIX));
  await writeFile(join(directory, OWNER), identity(process.pid) ?? '');
  return directory;
}

/** Removes directories of sandboxes of this user whose process is gone. Never fails. */
export async function sweep(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(PREFIX))) {
    const directory = join(tmpdir(), name);
    try {
      const { uid } = await lstat(directory);
      const owner = readFileSync(join(directory, OWNER), 'utf8');
      const pid = Number(owner.split(' ')[0]);
      if (uid === process.getuid?.() && owner !== '' && identity(pid) !== owner) await remove(directory);
    } catch {
      // Somebody else's, or being made or removed at this moment.
    }
  }
}

/** Retried: a process that is just being killed may still write into it. */
export async function remove(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
}

/** Process id and start time: the id alone comes round again. */
function identity(pid: number): string | undefined {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const started = line.slice(line.lastIndexOf(')') + 2).split(' ')[19];
    return `${pid} ${started}`;
  } catch {
    return undefined;
  }
}
