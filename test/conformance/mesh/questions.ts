/** Requests with exactly one correct route, sent to the same app behind both control planes. Rules: `test/harbour/rules.yaml`. */
export interface Question {
  readonly what: string;
  readonly url: string;
  /** The calling pod; without one, the request comes from outside through the gateway. */
  readonly from?: 'deckhand' | 'stranger';
  /** Further arguments for curl. */
  readonly args?: readonly string[];
  /** Request headers that arrived and are compared. */
  readonly keep?: readonly string[];
}

const quay = (path: string): string => `http://quay.harbour.example${path}`;
const low = ['-H', 'x-tide: low'];

export const QUESTIONS: readonly Question[] = [
  { what: 'header and method', url: quay('/split'), args: [...low, '-X', 'PUT'] },
  { what: 'the header without the method', url: quay('/other'), args: low },
  { what: 'regular expression', url: quay('/bay/12') },
  { what: 'regular expression that does not fit', url: quay('/bay/twelve') },
  { what: 'regular expression with more behind it', url: quay('/bay/12/x') },
  { what: 'query parameter', url: quay('/any?watch=night') },
  { what: 'query parameter of another value', url: quay('/any?watch=nights') },
  { what: 'rewrite and headers', url: quay('/lift/3'), args: ['-H', 'x-secret: s'], keep: ['x-load', 'x-secret'] },
  { what: 'prefix without its end', url: quay('/lift') },
  { what: 'redirect', url: quay('/moved') },
  { what: 'redirect keeps no query', url: quay('/moved?a=b') },
  { what: 'abort', url: quay('/storm') },
  { what: 'delay', url: quay('/late'), args: ['-o', '/dev/null', '-w', 'HTTP/1.1 %{http_code}'] },
  { what: 'timeout', url: quay('/slow/timeout') },
  { what: 'a subset that no rule defines', url: quay('/nowhere') },
  { what: 'a path that no rule takes', url: quay('/nothing') },
  { what: 'an upper-case path', url: quay('/MOVED') },
  { what: 'the second gateway', url: 'http://pier.harbour.example/storm' },
  {
    what: 'from within: by header and caller',
    url: 'http://cranes:8600/',
    from: 'deckhand',
    args: ['-H', 'x-side: north'],
  },
  { what: 'from within: to another Service', url: 'http://cranes:8600/calm', from: 'deckhand' },
  { what: 'from within: the rest', url: 'http://cranes:8600/x', from: 'deckhand' },
  { what: 'from within: by the full name', url: 'http://cranes.docks.svc.cluster.local:8600/x', from: 'deckhand' },
  { what: 'from within: a port without a name', url: 'http://buoys:90/calm', from: 'deckhand' },
  { what: 'from within: headless', url: 'http://anchors:7070/', from: 'deckhand' },
  { what: 'from outside the mesh: no rules', url: 'http://buoys:90/calm', from: 'stranger' },
];
