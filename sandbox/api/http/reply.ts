/** Writes responses: JSON, `Status`, warnings. */
import type { ServerResponse } from 'node:http';
import { toStatusError } from '../status.ts';
import { jsonOf } from '../storage/store.ts';
import { asYaml } from './yaml.ts';

/** Sends a JSON body, or YAML if the client asks for it. @param body a value, or text that is already JSON. */
export function replyJson(
  response: ServerResponse,
  code: number,
  body: unknown,
  warnings: readonly string[] = [],
): void {
  const json = typeof body === 'string' ? body : jsonOf(body);
  const yaml = asYaml(response.req, json);
  replyText(response, code, yaml ?? json, yaml === undefined ? 'application/json' : 'application/yaml', warnings);
}

/** Sends a body of any media type. Does nothing when an answer has already been sent. @param warnings `Warning` headers. */
export function replyText(
  response: ServerResponse,
  code: number,
  body: string | Uint8Array,
  type: string,
  warnings: readonly string[] = [],
): void {
  if (response.headersSent || response.destroyed) return;
  const headers = {
    'cache-control': 'no-cache, private',
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    ...warningHeaders(warnings),
  };
  response.writeHead(code, headers).end(body);
}

export function warningHeaders(warnings: readonly string[]): Record<string, string[]> {
  if (warnings.length === 0) return {};
  return { warning: warnings.map((one) => `299 - "${one.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`) };
}

/** Answers any error as a `Status`, and logs unexpected ones. Closes the connection if the answer has already begun. */
export function replyError(response: ServerResponse, error: unknown, log: (line: string) => void): void {
  const status = toStatusError(error);
  if (status.code === 500 && status !== error)
    log(`failure: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  if (response.headersSent) response.destroy();
  else replyJson(response, status.code, status.toStatus());
}
