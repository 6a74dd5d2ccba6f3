/** One call of a webhook: AdmissionReview v1 over https. */
import { randomUUID } from 'node:crypto';
import https from 'node:https';
import { at, type Fields, fields, isRecord, items, number, parseJson, text } from '../../../model/fields.ts';
import type { Store } from '../storage/store.ts';
import type { Admitted, Webhook } from './admitted.ts';

export interface Verdict {
  readonly allowed: boolean;
  /** JSON patch operations. */
  readonly patch?: unknown;
  readonly status?: Record<string, unknown>;
  readonly warnings: readonly string[];
}

/** @throws when the webhook cannot be reached, times out, or does not answer with an AdmissionReview. */
export async function callWebhook(store: Store, webhook: Webhook, admitted: Admitted): Promise<Verdict> {
  const config = fields(webhook['clientConfig']);
  const uid = randomUUID();
  const to =
    config['service'] === undefined ? { url: text(config['url']) } : addressOf(store, fields(config['service']));
  const seconds = number(webhook['timeoutSeconds'] ?? 10);
  const answer = await post(to, text(config['caBundle']), JSON.stringify(review(uid, admitted)), seconds);
  return verdictOf(answer, uid);
}

interface Address {
  readonly url: string;
  /** The host name in the webhook's certificate, when the URL has only an address. */
  readonly servername?: string;
}

/** The webhook is called at the cluster IP of its Service. @throws when there is no such Service. */
function addressOf(store: Store, reference: Fields): Address {
  const [namespace, name] = [text(reference['namespace']), text(reference['name'])];
  const service = store.get('/services', `${namespace}/${name}`)?.object;
  const address = text(at(service, 'spec', 'clusterIP'));
  if (address === '' || address === 'None') throw new Error(`service "${name}" not found`);
  const path = text(reference['path']).replace(/^\/?/, '/');
  return {
    url: `https://${address}:${number(reference['port']) || 443}${path}`,
    servername: `${name}.${namespace}.svc`,
  };
}

function review(uid: string, { request, operation, object, old, dryRun }: Admitted): Record<string, unknown> {
  const { kind, user, subresource } = request;
  const gvk = { group: kind.group, version: kind.version, kind: kind.kind };
  const resource = { group: kind.group, version: kind.version, resource: kind.plural };
  return {
    kind: 'AdmissionReview',
    apiVersion: 'admission.k8s.io/v1',
    request: {
      uid,
      kind: gvk,
      resource,
      ...(subresource === undefined ? {} : { subResource: subresource, requestSubResource: subresource }),
      requestKind: gvk,
      requestResource: resource,
      name: object?.metadata.name ?? old?.metadata.name ?? '',
      ...(request.namespace === undefined ? {} : { namespace: request.namespace }),
      operation,
      userInfo: { username: user.name, groups: user.groups },
      object: object ?? null,
      oldObject: old ?? null,
      dryRun,
      options: null,
    },
  };
}

function verdictOf(answer: unknown, uid: string): Verdict {
  const response = at(answer, 'response');
  if (!isRecord(response)) throw new Error('expected webhook response of admission.k8s.io/v1, Kind=AdmissionReview');
  if (response['uid'] !== uid) throw new Error(`expected response.uid="${uid}", got "${text(response['uid'])}"`);
  const encoded = text(response['patch']);
  return {
    allowed: response['allowed'] === true,
    ...(encoded === '' ? {} : { patch: parseJson(Buffer.from(encoded, 'base64').toString()) }),
    ...(isRecord(response['status']) ? { status: response['status'] } : {}),
    warnings: items(response['warnings']).map(text),
  };
}

/** By the authorities that they trust. */
const agents = new Map<string, https.Agent>();

function agentFor(caBundle: string): https.Agent {
  const known = agents.get(caBundle);
  if (known !== undefined) return known;
  const ca = caBundle === '' ? {} : { ca: Buffer.from(caBundle, 'base64') };
  const agent = new https.Agent({ keepAlive: true, ...ca });
  agents.set(caBundle, agent);
  return agent;
}

function post(to: Address, caBundle: string, body: string, seconds: number): Promise<unknown> {
  const { url, servername } = to;
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => reject(new Error(`Post "${url}?timeout=${seconds}s": ${error.message}`));
    const headers = {
      'content-type': 'application/json',
      accept: 'application/json',
      'content-length': Buffer.byteLength(body),
    };
    const options = {
      method: 'POST',
      agent: agentFor(caBundle),
      ...(servername === undefined ? {} : { servername }),
      headers,
      signal: AbortSignal.timeout(seconds * 1000),
    };
    const request = https.request(url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', fail);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        if (response.statusCode !== 200)
          return fail(new Error(`the server answered ${response.statusCode}: ${text.slice(0, 200)}`));
        try {
          resolve(JSON.parse(text));
        } catch {
          fail(new Error('the answer is not JSON'));
        }
      });
    });
    request.on('error', (error: NodeJS.ErrnoException) => {
      // A kept-alive connection may close just as it is reused. Like Go's client, retry on another connection.
      if (!request.reusedSocket || error.code !== 'ECONNRESET') fail(error);
      else post(to, caBundle, body, seconds).then(resolve, reject);
    });
    request.end(body);
  });
}
