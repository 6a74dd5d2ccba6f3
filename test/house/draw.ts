/**
 * `node test/house/draw.ts [COMMIT]` prints each room with the rooms it imports, then the number of circular and upward
 * imports, of the work tree or of a commit.
 */
import { circlesOf } from './circles.ts';
import { roomOf, sandboxRoomOf, upwardImports } from './floors.ts';
import { readSources } from './imports.ts';

const sources = readSources(process.argv[2]);
/** For a commit older than the rooms: its top-level folders. */
const folderOf = (file: string) => (file.includes('/') ? file.slice(0, file.indexOf('/')) : undefined);
const placeOf = (file: string) => sandboxRoomOf(file) ?? roomOf(file) ?? folderOf(file);

const rooms = new Map<string, Map<string, number>>();
for (const { file, imports } of sources) {
  const room = placeOf(file);
  if (room === undefined) continue;
  const others = rooms.get(room) ?? new Map<string, number>();
  rooms.set(room, others);
  for (const target of imports) {
    const other = placeOf(target);
    if (other !== undefined && other !== room) others.set(other, (others.get(other) ?? 0) + 1);
  }
}
for (const [room, others] of [...rooms].sort()) {
  const drawn = [...others].sort().map(([other, count]) => `${other} ${count}`);
  console.log(`${room} → ${drawn.join(', ') || 'nothing'}`);
}
const circles = circlesOf(sources);
const upward = upwardImports(sources);
for (const circle of circles) console.log(`circle: ${circle.join(', ')}`);
for (const line of upward) console.log(`upward: ${line}`);
console.log(`${rooms.size} rooms, ${sources.length} files, ${circles.length} circles, ${upward.length} upward imports`);
