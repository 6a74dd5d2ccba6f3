/** Finds fields without effect that an object sets, by its kind's table. */
import { isDeepStrictEqual } from 'node:util';
import type { FieldSupport, KeySupport } from './support.ts';

type Path = readonly (string | number)[];

/** A field, or a whole object, that is accepted without effect. */
export interface UnsupportedField {
  /** In kubectl's notation: `spec.containers[0].securityContext`; empty for the whole object. */
  readonly path: string;
  /** A sentence without its full stop. */
  readonly message: string;
  readonly value: unknown;
}

interface Verdict {
  readonly supported: boolean;
  readonly why?: string;
}

interface Node {
  verdict?: Verdict;
  /** Verdicts on single values. */
  readonly values: Map<string, Verdict>;
  readonly children: Map<string, Node>;
  /** Whether something here or below is listed as supported. */
  hasSupported: boolean;
}

const NOWHERE: Node = newNode();
const ALWAYS_SUPPORTED = ['apiVersion', 'kind', 'metadata', 'status'];
const tries = new WeakMap<FieldSupport, Node>();

interface Question {
  readonly kind: string;
  readonly support: FieldSupport;
  /** As sent, without defaults. */
  readonly object: unknown;
  /** Before the change: fields set already are not reported again. */
  readonly old: unknown;
  /** The value that the path would have by default. */
  readonly standard?: (path: Path) => unknown;
}

/** @returns the fields without effect that the object sets, or newly sets if there is an old one. */
export function unsupportedFields({ kind, support, object, old, standard }: Question): UnsupportedField[] {
  if (support.kind !== undefined) {
    if (old !== undefined && isDeepStrictEqual(withoutStatus(old), withoutStatus(object))) return [];
    return [{ path: '', message: `${kind} has no effect in the sandbox: ${support.kind}`, value: undefined }];
  }
  const before = new Map(old === undefined ? [] : found(support, old).map((one) => [one.path, one.value]));
  return found(support, object, standard).filter(
    ({ path, value }) => !(before.has(path) && isDeepStrictEqual(before.get(path), value)),
  );
}

/** The object as its author wrote it. */
function withoutStatus(object: unknown): readonly (readonly [string | number, unknown])[] {
  return entriesOf(object).filter(([key]) => key !== 'metadata' && key !== 'status');
}

function found(support: FieldSupport, object: unknown, standard?: Question['standard']): UnsupportedField[] {
  const fields: UnsupportedField[] = [];
  const walk = (value: unknown, node: Node, inherited: Verdict, path: Path): void => {
    if (isEmpty(value)) return;
    const single = isScalar(value) ? node.values.get(String(value)) : undefined;
    const verdict = single ?? node.verdict ?? inherited;
    if (!verdict.supported && (isScalar(value) || !node.hasSupported)) {
      if (!isDeepStrictEqual(standard?.(path), value)) fields.push(report(path, value, verdict, single !== undefined));
      return;
    }
    for (const [key, inside] of entriesOf(value)) {
      const child = node.children.get(typeof key === 'number' ? '[]' : key) ?? node.children.get('*') ?? NOWHERE;
      walk(inside, child, verdict, [...path, key]);
    }
  };
  if (listsFields(support)) walk(object, trieOf(support), { supported: false }, []);
  return [...fields, ...(support.keys ?? []).flatMap((table) => unsupportedKeys(table, object))];
}

/** A table with keys only does not cover fields. */
function listsFields({ supported, unsupported }: FieldSupport): boolean {
  return supported.length > 0 || Object.keys(unsupported).length > 0;
}

function report(path: Path, value: unknown, { why }: Verdict, isValue: boolean): UnsupportedField {
  const shown = printed(path);
  const subject = isValue ? `${shown}: ${String(value)}` : shown;
  const reason = why === undefined || why === '' ? '' : `: ${why}`;
  return { path: shown, message: `${subject} has no effect in the sandbox${reason}`, value };
}

function unsupportedKeys({ at, domains, supported }: KeySupport, object: unknown): UnsupportedField[] {
  const keys = at.split('.').reduce<unknown>((value, key) => child(value, key), object);
  return entriesOf(keys).flatMap(([key, value]) => {
    const name = String(key);
    if (!domains.some((domain) => name.startsWith(domain)) || supported.some((one) => fits(one, name))) return [];
    const path = `${at}[${name}]`;
    return [{ path, message: `${path} has no effect in the sandbox`, value }];
  });
}

function fits(pattern: string, key: string): boolean {
  return pattern.endsWith('*') ? key.startsWith(pattern.slice(0, -1)) : key === pattern;
}

function trieOf(support: FieldSupport): Node {
  const known = tries.get(support);
  if (known !== undefined) return known;
  const root = newNode();
  for (const path of [...ALWAYS_SUPPORTED, ...support.supported]) enter(root, path, { supported: true });
  for (const [path, why] of Object.entries(support.unsupported)) enter(root, path, { supported: false, why });
  tries.set(support, root);
  return root;
}

function newNode(): Node {
  return { values: new Map(), children: new Map(), hasSupported: false };
}

function enter(root: Node, listed: string, verdict: Verdict): void {
  const equals = listed.indexOf('=');
  const path = equals < 0 ? listed : listed.slice(0, equals);
  let node = root;
  const mark = (): void => {
    if (verdict.supported) node.hasSupported = true;
  };
  mark();
  for (const segment of path.replaceAll('[]', '.[]').split('.')) {
    const next = node.children.get(segment) ?? newNode();
    node.children.set(segment, next);
    node = next;
    mark();
  }
  if (equals < 0) node.verdict = verdict;
  else node.values.set(listed.slice(equals + 1), verdict);
}

function entriesOf(value: unknown): [string | number, unknown][] {
  if (Array.isArray(value)) return [...value.entries()];
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

function child(value: unknown, key: string): unknown {
  return entriesOf(value).find(([name]) => name === key)?.[1];
}

function isScalar(value: unknown): boolean {
  return typeof value !== 'object';
}

/** A value that requests nothing. */
function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  return typeof value === 'object' && entriesOf(value).length === 0;
}

function printed(path: Path): string {
  return path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : text === '' ? key : `${text}.${key}`),
    '',
  );
}
