/** Answers as YAML, for who accepts nothing else. Its writer is loaded when it is first asked for. */
import type { IncomingMessage } from 'node:http';
import { StatusError } from '../status.ts';

type Dump = (value: unknown) => string;

let dump: Dump | undefined;

const KNOWN = /json|yaml|protobuf|\*\/\*|application\/\*|text\/|openapi|cbor/;

/** Whether the first type that a client accepts, and the server has, is YAML. */
export function wantsYaml({ headers }: IncomingMessage): boolean {
  const [first = ''] = (headers.accept ?? '').split(',');
  return /^application\/yaml\b/.test(first.trim());
}

/** To be awaited before a request is answered. @throws {StatusError} NotAcceptable for types that nobody here writes. */
export async function prepareAnswer(request: IncomingMessage): Promise<void> {
  const { accept = '' } = request.headers;
  if (accept !== '' && !KNOWN.test(accept)) {
    const types = 'application/json, application/yaml, application/vnd.kubernetes.protobuf';
    throw new StatusError(406, 'NotAcceptable', `only the following media types are accepted: ${types}`);
  }
  if (dump !== undefined || !wantsYaml(request)) return;
  const yaml = await import('js-yaml');
  dump = (value) => yaml.dump(value, { sortKeys: true, lineWidth: -1, noRefs: true });
}

/** @returns JSON as YAML; `undefined` where the client takes JSON. */
export function asYaml(request: IncomingMessage, json: string): string | undefined {
  return dump !== undefined && wantsYaml(request) ? dump(JSON.parse(json)) : undefined;
}
