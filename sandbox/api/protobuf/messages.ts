/** Kubernetes' protobuf messages, generated from the Go types by `generate/protobuf`. Loaded with the first such body. */

import { readFileSync } from 'node:fs';
import { ownFormat } from '../../../model/own-format.ts';

/** A field of a message. `keepsZero` stands for `*` and `!` in the generated file. */
export interface MessageField {
  /** The field's name in JSON. Empty for an inlined struct, whose fields belong to the object around it. */
  readonly name: string;
  /** `string`, `int`, …; `#M` for a message, `[T` for a list, `{T` for a map, `items:T` for a message that wraps a list. */
  readonly type: string;
  /** Whether a zero has a meaning: the field is a pointer, or JSON always includes it. */
  readonly keepsZero: boolean;
}

export type Message = ReadonlyMap<number, MessageField>;

interface MessagesFile {
  readonly kinds: Readonly<Record<string, string>>;
  readonly messages: Readonly<Record<string, Readonly<Record<string, readonly [name: string, type: string]>>>>;
}

const file = ownFormat<MessagesFile>(
  JSON.parse(readFileSync(new URL('messages.generated.json', import.meta.url), 'utf8')),
);
const parsed = new Map<string, Message>();

/** Request bodies that clients send with the apiVersion of the object they act on. */
const REQUESTS: Readonly<Record<string, string>> = {
  DeleteOptions: 'v1/DeleteOptions',
  Eviction: 'policy/v1/Eviction',
  Binding: 'v1/Binding',
  Scale: 'autoscaling/v1/Scale',
  TokenRequest: 'authentication.k8s.io/v1/TokenRequest',
};

/** @returns the name of a kind's message, `undefined` for a kind without protobuf. */
export function messageOfKind(apiVersion: string, kind: string): string | undefined {
  return file.kinds[`${apiVersion}/${kind}`] ?? file.kinds[REQUESTS[kind] ?? ''];
}

/** @param name from `messageOfKind`, or from a field's type without its `#`. */
export function messageNamed(name: string): Message {
  const known = parsed.get(name);
  if (known !== undefined) return known;
  const entries = Object.entries(file.messages[name] ?? {});
  const message = new Map(entries.map(([number, field]) => [Number(number), fieldOf(field)]));
  parsed.set(name, message);
  return message;
}

function fieldOf([name, written]: readonly [string, string]): MessageField {
  const keepsZero = /^[*!]/.test(written);
  return { name, type: keepsZero ? written.slice(1) : written, keepsZero };
}
