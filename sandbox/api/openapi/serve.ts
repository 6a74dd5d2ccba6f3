/** OpenAPI documents. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Core } from '../core.ts';

export async function serveOpenApi(
  _core: Core,
  _url: URL,
  _request: IncomingMessage,
  _response: ServerResponse,
): Promise<boolean> {
  return false;
}
