/** Request bodies: JSON, YAML for apply, and the protobuf that newer versions of kubectl send. */

import type { IncomingMessage } from 'node:http';
import { parseJson } from '../../../model/fields.ts';
import { badRequest, StatusError } from '../status.ts';

/** etcd's limit is 1.5 MB, the API server's 3 MB. */
const LIMIT = 3 * 1024 * 1024;

export function mediaType(request: IncomingMessage): string {
  return (request.headers['content-type'] ?? 'application/json').split(';')[0]?.trim().toLowerCase() ?? '';
}

/** @throws {StatusError} BadRequest, UnsupportedMediaType, RequestEntityTooLarge. */
export async function readBody(request: IncomingMessage): Promise<unknown> {
  const bytes = await readBytes(request);
  if (bytes.length === 0) return undefined;
  const type = mediaType(request);
  if (type === 'application/vnd.kubernetes.protobuf') {
    const { decodeProtobuf } = await import('../protobuf/decode.ts');
    return decodeProtobuf(bytes);
  }
  const text = bytes.toString();
  if (text.trim() === '') return undefined;
  if (type.includes('protobuf') || type.includes('cbor')) {
    throw new StatusError(
      415,
      'UnsupportedMediaType',
      `the body of the request was in an unknown format - accepted media types include: application/json, application/yaml`,
    );
  }
  if (type.endsWith('yaml')) return parseYaml(text);
  if (!type.includes('json') && type !== 'application/x-www-form-urlencoded') {
    const accepted = 'application/json, application/yaml, application/vnd.kubernetes.protobuf';
    const message = `the body of the request was in an unknown format - accepted media types include: ${accepted}`;
    throw new StatusError(415, 'UnsupportedMediaType', message);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw badRequest(
      `couldn't get version/kind; json parse error: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** Only apply sends YAML, so the parser is loaded on first use. */
async function parseYaml(text: string): Promise<unknown> {
  if (text.trimStart().startsWith('{')) return parseJson(text);
  const { load } = await import('js-yaml');
  try {
    return load(text);
  } catch (error) {
    throw badRequest(`error decoding YAML: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function readBytes(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= LIMIT) chunks.push(chunk);
    });
    request.on('error', reject);
    request.on('end', () => {
      if (size > LIMIT)
        reject(new StatusError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${LIMIT}`));
      else resolve(Buffer.concat(chunks));
    });
  });
}
