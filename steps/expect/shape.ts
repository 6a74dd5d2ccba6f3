/** What of a cell may differ from the guide's sample: what a cluster makes up anew each time, and nothing else. */

const AGE = /^(\d+[smhdy])+$|^<unknown>$|^<invalid>$/;
const ADDRESS = /^(\d{1,3}\.){3}\d{1,3}$|^<pending>$|^<none>$|^[0-9a-f:]*::?[0-9a-f:]+$/;
const PORT = /^\d+(:\d+)?\/(TCP|UDP|SCTP)$/;

/** Columns whose cells are compared by shape however they are spelt. */
const BY_SHAPE: ReadonlyMap<string, (expected: string, actual: string) => boolean> = new Map([
  ['AGE', (_expected, actual) => AGE.test(actual)],
  ['CLUSTER-IP', (expected, actual) => (expected === 'None' ? actual === 'None' : ADDRESS.test(actual))],
  ['EXTERNAL-IP', (_expected, actual) => ADDRESS.test(actual) || /^[\w.-]+$/.test(actual)],
  ['IP', (_expected, actual) => ADDRESS.test(actual)],
  ['NODE', () => true],
  ['PORT(S)', samePorts],
  ['NAME', sameName],
]);

/** @returns whether a cell of the given column is as the guide's sample shows. */
export function sameCell(column: string, expected: string, actual: string): boolean {
  if (expected === actual) return true;
  return BY_SHAPE.get(column)?.(expected, actual) ?? false;
}

/** Node ports are the cluster's to choose; ports and protocols are not. */
function samePorts(expected: string, actual: string): boolean {
  const [wanted, seen] = [expected.split(','), actual.split(',')];
  return (
    wanted.length === seen.length &&
    wanted.every((port, index) => PORT.test(port) && withoutNodePort(port) === withoutNodePort(seen[index] ?? ''))
  );
}

function withoutNodePort(port: string): string {
  return port.replace(/:\d+\//, '/');
}

function sameName(expected: string, actual: string): boolean {
  const base = baseName(expected);
  return base !== expected && base === baseName(actual);
}

/** Kubernetes' generated endings: five characters after a pod's owner, and before them a template hash of 8 to 10. */
const SUFFIX = '[bcdfghjklmnpqrstvwxz2456789]{5}';
const HASH = '[bcdfghjklmnpqrstvwxz2456789]{8,10}';
/** Guides are typed by people: a letter too many, or a vowel, must not hide that it is a generated ending. */
const TYPED_SUFFIX = '[a-z0-9]{5,6}';

/** `redis-master-577bc6fbb-zh5v8` → `redis-master`; a name without a generated ending as it is. */
export function baseName(name: string): string {
  for (const ending of [
    `-${HASH}-${SUFFIX}`,
    `-[0-9a-f]{8,10}-${TYPED_SUFFIX}`,
    `-${HASH}-${TYPED_SUFFIX}`,
    `-${SUFFIX}`,
  ]) {
    const match = new RegExp(`^(.+?)${ending}$`).exec(name);
    if (match?.[1] !== undefined && /[0-9]/.test(name.slice(match[1].length))) return match[1];
  }
  return name;
}

/** A line of prose: numbers, hashes, addresses and user-typed hosts may differ in value but not in place. */
export function sameLine(expected: string, actual: string): boolean {
  const pattern = expected
    .trim()
    .split(/(\S+)/)
    .map((part) => (part.trim() === '' ? (part === '' ? '' : '\\s+') : wordPattern(part)))
    .join('');
  return new RegExp(`^\\s*${pattern}\\s*$`).test(actual);
}

function wordPattern(word: string): string {
  if (AGE.test(word) || ADDRESS.test(word)) return '\\S+';
  return word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
