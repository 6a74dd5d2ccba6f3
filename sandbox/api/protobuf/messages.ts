/** Kubernetes' protobuf messages, as `generate/protobuf` read them from the Go types. Loaded with the first such body. */
import { readFileSync } from 'node:fs';

/** What stands in a field. `*` and `!` of the generated grammar are told by `keepsZero`. */
export interface MessageField {
  /** The field's name in JSON; empty where its own fields stand beside the others (an inlined struct). */
  readonly name: string;
  /** `string`, `int`, …; `#M` is a message, `[T` a list, `{T` a map, `items:T` a message that stands for its list. */
  readonly type: string;
  /** Whether a zero says something: the field is a pointer, or is never left out of JSON. */
  readonly keepsZero: boolean;
}

export type Message = ReadonlyMap<number, MessageField>;

interface MessagesFile {
  readonly kinds: Readonly<Record<string, string>>;
  readonly messages: Readonly<Record<string, Readonly<Record<string, readonly [name: string, type: string]>>>>;
}

const file = JSON.parse(readFileSync(new URL('messages.generated.json', import.meta.url), 'utf8')) as MessagesFile;
const parsed = new Map<string, Message>();

/** Bodies of requests that are sent with the apiVersion of whatever they are about. */
const REQUESTS: Readonly<Record<string, string>> = {
  DeleteOptions: 'v1/DeleteOptions',
  Eviction: 'policy/v1/Eviction',
  Binding: 'v1/Binding',
  Scale: 'autoscaling/v1/Scale',
  TokenRequest: 'authentication.k8s.io/v1/TokenRequest',
};

/** @returns the name of a kind's message; `undefined` for a kind that Kubernetes has no protobuf of. */
export function messageOfKind(apiVersion: string, kind: string): string | undefined {
  return file.kinds[`${apiVersion}/${kind}`] ?? file.kinds[REQUESTS[kind] ?? ''];
}

/** @param name as `messageOfKind` or a field's type (`#name`) gives it. */
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
