/** A request to an API server, and the parts of the answer that are compared. */
import { Agent, request } from 'node:https';
import type { Sandbox } from '../../../sandbox/index.ts';

export interface Call {
  /** Describes the request; unique within the scenario. */
  readonly what: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `{ns}` stands for the scenario's namespace. */
  readonly path: string;
  /** Text is sent as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Scenario {
  readonly name: string;
  readonly calls: readonly Call[];
}

export interface Answer {
  readonly status: number;
  readonly warnings?: readonly string[];
  readonly body: unknown;
}

/** Sends all calls of a scenario in a namespace of its own. @returns the answers by the calls' descriptions. */
export async function ask(sandbox: Sandbox, { name, calls }: Scenario): Promise<Record<string, Answer>> {
  const namespace = `conf-${name}`;
  const place = <T>(value: T): T => JSON.parse(JSON.stringify(value).replaceAll('{ns}', namespace)) as T;
  await send(sandbox, {
    what: '',
    method: 'POST',
    path: '/api/v1/namespaces',
    body: { metadata: { name: namespace } },
  });
  const answers: Record<string, Answer> = {};
  for (const call of calls) answers[call.what] = normalise(await send(sandbox, place(call)), namespace);
  return answers;
}

/** One connection for all calls. */
const KEPT = new Agent({ keepAlive: true, maxSockets: 1 });

function send({ server, token, certificateAuthority: ca }: Sandbox, call: Call): Promise<Answer> {
  const text =
    call.body === undefined ? undefined : typeof call.body === 'string' ? call.body : JSON.stringify(call.body);
  const headers = {
    authorization: `Bearer ${token}`,
    accept: 'application/json',
    ...(text === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
    ...call.headers,
  };
  return new Promise((resolve, reject) => {
    const asked = request(server + call.path, { method: call.method, ca, headers, agent: KEPT }, (answer) => {
      let said = '';
      answer.on('data', (chunk: Buffer) => {
        said += chunk.toString('utf8');
      });
      answer.on('end', () => {
        const { warning } = answer.headers;
        resolve({
          status: answer.statusCode ?? 0,
          ...(warning === undefined
            ? {}
            : { warnings: [...String(warning).matchAll(/299 - "((?:[^"\\]|\\.)*)"/g)].map(([, one = '']) => one) }),
          body: parsed(said),
        });
      });
    });
    asked.on('error', reject);
    asked.end(text);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Replaces values that change on every run with placeholders; `differences.ts` lists them. */
function normalise(answer: Answer, namespace: string): Answer {
  const text = JSON.stringify(answer, (key, value: unknown) => {
    const isOpenShift =
      key === 'annotations' && Object.keys(Object(value)).every((one) => one.startsWith('openshift.io/'));
    return LEFT_OUT.has(key) || isOpenShift ? undefined : value;
  })
    .replaceAll(namespace, '{ns}')
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '{uid}')
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '{time}')
    .replace(/"resourceVersion":"\d+"/g, '"resourceVersion":"{version}"')
    .replace(/172\.30\.\d+\.\d+/g, '{ip}')
    .replace(/"nodePort":\d+/g, '"nodePort":"{port}"')
    .replace(/"\d+s"/g, '"{age}"')
    .replace(/made-[a-z0-9]{5}/g, 'made-{random}');
  return JSON.parse(text) as Answer;
}

/** Fields left out of every answer. `managedFields` is compared by calls that read it; a continue token is opaque. */
const LEFT_OUT: ReadonlySet<string> = new Set(['managedFields', 'continue', 'remainingItemCount']);
