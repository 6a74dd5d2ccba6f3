/** HTTP requests for logging in, when there are no credentials for kubectl yet. */
import { readFile } from 'node:fs/promises';
import { Agent as HttpAgent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { rootCertificates } from 'node:tls';
import { OcError } from './error.ts';
import type { Cluster } from './kubeconfig.ts';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Asked {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Does not follow redirects. @throws {OcError} with the real oc's message if the server can't be reached or trusted. */
export async function ask(url: string, cluster: Cluster, asked: Asked = {}): Promise<Answer> {
  const secure = url.startsWith('https:');
  // Uses the network's proxy, except for this machine itself.
  const direct = /^(localhost|127\.|\[::1\])/.test(new URL(url).hostname);
  const proxyEnv = direct ? {} : { proxyEnv: process.env };
  const agent = secure ? new HttpsAgent({ ...proxyEnv, ...(await trustOf(cluster)) }) : new HttpAgent(proxyEnv);
  const options = { agent, method: asked.method ?? 'GET', headers: { accept: 'application/json', ...asked.headers } };
  return new Promise((resolve, reject) => {
    const request = (secure ? httpsRequest : httpRequest)(url, options, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 500, headers: response.headers, body }));
    });
    request.once('error', (error: NodeJS.ErrnoException) => reject(new OcError(unreachable(error))));
    request.end(asked.body);
  });
}

/** The cluster's own authority and the public ones, since the OAuth server may have a certificate from a public one. */
async function trustOf(cluster: Cluster): Promise<{ ca?: (string | Buffer)[]; rejectUnauthorized?: false }> {
  if (cluster['insecure-skip-tls-verify'] === true) return { rejectUnauthorized: false };
  const { 'certificate-authority-data': data, 'certificate-authority': file } = cluster;
  if (data !== undefined) return { ca: [Buffer.from(data, 'base64'), ...rootCertificates] };
  return file === undefined ? {} : { ca: [await readFile(file), ...rootCertificates] };
}

const UNTRUSTED: ReadonlySet<string> = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
]);

function unreachable(error: NodeJS.ErrnoException): string {
  if (UNTRUSTED.has(error.code ?? ''))
    return 'The server uses a certificate signed by unknown authority. You may need to use the --certificate-authority flag to provide the path to a certificate file for the certificate authority, or --insecure-skip-tls-verify to bypass the certificate check and use insecure connections.';
  return `${error.message} - verify you have provided the correct host and port and that the server is currently running.`;
}
