/**
 * How one call ended, read from what curl printed. Only a connection that was reset counts as a proxy's rejection of
 * plaintext; what looks like one from afar (a closed port, a dropped packet, a missing name) has an outcome of its own.
 *
 * Exit codes: curl(1). 56 with "reset by peer" is what STRICT mutual TLS gives plaintext: Envoy closes with the request
 * unread, so the kernel sends a reset.
 */

/** An HTTP status, or how the connection ended. */
export type CallOutcome = number | Ending;

export type Ending =
  | 'connected'
  | 'reset'
  | 'timeout'
  | 'no-answer'
  | 'no-such-host'
  | 'refused'
  | 'empty-reply'
  | 'tls-failure'
  | 'other';

/** What each ending shows, and what it does not. */
const MEANINGS: Readonly<Record<Ending, string>> = {
  connected: 'the connection stood',
  reset: 'something accepted the connection and then reset it, as a proxy does that rejects plaintext',
  timeout: 'no connection came about: packets were dropped, as a NetworkPolicy does',
  'no-answer': 'the connection stood, but nothing came back: whoever accepted it hangs',
  'no-such-host': 'DNS does not know the name',
  refused: 'nothing listens there: the app is down, or the Service has no ready pod',
  'empty-reply': 'the connection was closed in an orderly way, without an answer',
  'tls-failure': 'the TLS handshake failed, or the certificate was not accepted',
  other: 'curl tells it by its exit code',
};

export interface Ended {
  readonly outcome: CallOutcome;
  /** The body, or curl's message. */
  readonly output: string;
  /** For people: what the outcome shows; empty for an app's own answer. */
  readonly meaning: string;
}

const ENDING_OF_EXIT: ReadonlyMap<number, Ending> = new Map([
  [6, 'no-such-host'],
  [7, 'refused'],
  [52, 'empty-reply'],
  ...[35, 51, 53, 54, 58, 59, 60, 66, 77, 80, 82, 83, 90, 91].map((code) => [code, 'tls-failure'] as const),
]);
const TIMED_OUT = 28;
/** TLS, sending, receiving: these codes have other causes than a reset too. */
const MAYBE_RESET = [35, 55, 56];
const KEPT = 4_000;

/** What `-w` is given, so that `endedBy` can read it. */
export const WRITE_OUT = '\\n%{http_code} %{time_connect}';

/**
 * @param printed by curl with `-i` and `WRITE_OUT`. @param tcp whether it only connected (`telnet:`).
 * @param proxied whether the caller has a proxy of its own, which may answer in an app's stead.
 */
export function endedBy(
  printed: { readonly exit: number; readonly stdout: string; readonly stderr: string },
  { tcp, proxied }: { readonly tcp: boolean; readonly proxied: boolean },
): Ended {
  const { exit, stderr } = printed;
  const [, answer = '', status = '0', time = '0'] = /^([\s\S]*)\n(\d+) ([\d.]+)$/.exec(printed.stdout) ?? [];
  const { headers, body } = splitAnswer(answer);
  const output = (stderr.trim() === '' ? body : `${body}${stderr}`).trim().slice(0, KEPT);
  const connected = Number(time) > 0;
  if (tcp && (exit === 0 || exit === TIMED_OUT) && connected) return ended('connected', output);
  if (exit === 0)
    return { outcome: Number(status), output, meaning: answeredBy(Number(status), headers, body, proxied) };
  const said = `${output} (curl exit code ${exit})`;
  if (exit === TIMED_OUT) return ended(connected ? 'no-answer' : 'timeout', said);
  if (MAYBE_RESET.includes(exit) && /reset by peer/i.test(stderr)) return ended('reset', said);
  return ended(ENDING_OF_EXIT.get(exit) ?? 'other', said);
}

function ended(outcome: Ending, output: string): Ended {
  return { outcome, output, meaning: MEANINGS[outcome] };
}

/** Headers of the last answer: a proxy may have said `100 Continue` before. */
function splitAnswer(answer: string): { headers: string; body: string } {
  let headers = '';
  let body = answer;
  for (;;) {
    const block = /^HTTP\/[\d.]+ \d[\s\S]*?\r?\n\r?\n/.exec(body)?.[0];
    if (block === undefined) return { headers, body };
    headers = block;
    body = body.slice(block.length);
  }
}

/** What Envoy writes in the body when it answers by itself. */
const ENVOYS_WORDS =
  /^(upstream connect error or disconnect\/reset before headers|no healthy upstream|upstream request timeout|RBAC: access denied|no route|upstream (max|overflow))/;

/** An error made by a proxy is not the app's answer: the client's own proxy then reports no upstream time. */
function answeredBy(status: number, headers: string, body: string, proxied: boolean): string {
  const envoy = /^server: (istio-)?envoy/im.test(headers);
  if (status < 400 || !envoy) return '';
  const reached = /^x-envoy-upstream-service-time:/im.test(headers);
  if (!ENVOYS_WORDS.test(body.trim()) && (reached || body.trim() !== '')) return '';
  if (proxied && !reached) return 'the caller’s own proxy answered: it found no one to ask';
  return 'a proxy answered in the app’s stead: the app behind it did not';
}
