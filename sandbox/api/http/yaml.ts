/** Responses in YAML, for clients that prefer it. The writer is loaded on first use. */
import type { IncomingMessage } from 'node:http';
import { StatusError } from '../status.ts';

type Dump = (value: unknown) => string;

let dump: Dump | undefined;

const KNOWN = /json|yaml|protobuf|\*\/\*|application\/\*|text\/|openapi|cbor/;

/** Whether the first media type in the Accept header is YAML. */
export function wantsYaml({ headers }: IncomingMessage): boolean {
  const [first = ''] = (headers.accept ?? '').split(',');
  return /^application\/yaml\b/.test(first.trim());
}

/** Must be awaited before a request is answered. @throws {StatusError} NotAcceptable when no accepted type is supported. */
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

/** @returns the JSON text as YAML, `undefined` when the client does not ask for YAML. */
export function asYaml(request: IncomingMessage, json: string): string | undefined {
  return dump !== undefined && wantsYaml(request) ? dump(JSON.parse(json)) : undefined;
}
