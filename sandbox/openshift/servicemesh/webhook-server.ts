/** The HTTPS server for the operators' admission webhooks, with its own certificate. */

import { createServer } from 'node:https';
import { text } from 'node:stream/consumers';
import { selfSigned } from '../../../certificates/self-signed.ts';
import { at, isRecord, parseJson, textAt } from '../../../model/fields.ts';
import { portOf } from '../../../model/ports.ts';
import type { KubeObject } from '../../client/client.ts';

export interface AdmissionRequest {
  uid: string;
  operation: 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';
  kind: { group: string; version: string; kind: string };
  namespace?: string;
  name?: string;
  userInfo?: { username?: string; groups?: readonly string[] };
  dryRun?: boolean;
  object?: KubeObject | null;
  oldObject?: KubeObject | null;
}

/** Allowed, optionally with a JSON patch and warnings, or refused with the text that follows "denied the request: ". */
export type AdmissionAnswer =
  | { readonly allowed: true; readonly patch?: readonly object[]; readonly warnings?: readonly string[] }
  | { readonly allowed: false; readonly message: string };

/** When the handler throws, the call fails as if the webhook's pods did not answer. */
export type AdmissionHandler = (request: AdmissionRequest) => AdmissionAnswer | Promise<AdmissionAnswer>;

export interface WebhookServer {
  /** The `clientConfig` of a webhook at the path. */
  clientConfig(path: string): { url: string; caBundle: string };
  handle(path: string, handler: AdmissionHandler): void;
  stop(): Promise<void>;
}

export async function startWebhookServer(log: (message: string) => void): Promise<WebhookServer> {
  const { key, cert } = await selfSigned('operator webhooks', { type: 'ip', value: '127.0.0.1' });
  const handlers = new Map<string, AdmissionHandler>();
  const server = createServer({ key, cert }, (request, response) => {
    answer(handlers, request.url ?? '', text(request)).then(
      (body) => response.setHeader('content-type', 'application/json').end(JSON.stringify(body)),
      (error) => {
        log(`${request.url}: ${error}`);
        response.statusCode = 500;
        response.end(error instanceof Error ? error.message : String(error));
      },
    );
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const port = portOf(server);
  return {
    clientConfig: (path) => ({
      url: `https://127.0.0.1:${port}${path}`,
      caBundle: Buffer.from(cert).toString('base64'),
    }),
    handle: (path, handler) => {
      handlers.set(path, handler);
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  handlers: ReadonlyMap<string, AdmissionHandler>,
  url: string,
  body: Promise<string>,
): Promise<object> {
  const handler = handlers.get(url.split('?')[0] ?? '');
  if (handler === undefined) throw new Error(`no webhook is served at ${url}`);
  const review = parseJson(await body);
  const request = at(review, 'request');
  if (!isAdmissionRequest(request)) throw new Error(`what was sent to ${url} is no AdmissionReview`);
  const result = await handler(request);
  const { uid } = request;
  const response = result.allowed
    ? {
        uid,
        allowed: true,
        ...(result.warnings === undefined || result.warnings.length === 0 ? {} : { warnings: result.warnings }),
        ...(result.patch === undefined ? {} : { patchType: 'JSONPatch', patch: encode(result.patch) }),
      }
    : { uid, allowed: false, status: { status: 'Failure', message: result.message, reason: 'BadRequest', code: 400 } };
  return { apiVersion: textAt(review, 'apiVersion'), kind: 'AdmissionReview', response };
}

/** The API server sends all fields of the question if it sends these. */
function isAdmissionRequest(value: unknown): value is AdmissionRequest {
  return textAt(value, 'uid') !== undefined && textAt(value, 'operation') !== undefined && isRecord(at(value, 'kind'));
}

function encode(patch: readonly object[]): string {
  return Buffer.from(JSON.stringify(patch)).toString('base64');
}
