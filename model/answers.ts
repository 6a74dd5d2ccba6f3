/**
 * Who answered the requests of an exercise, by the access logs of the mesh's proxies: one JSON document per exercise,
 * attached to the Playwright test beside the steps' evidence, since proxies write their logs a moment later.
 */
export const ANSWERS_NAME = 'labwright-answers';
export const ANSWERS_TYPE = 'application/vnd.labwright.answers+json';
export const ANSWERS_VERSION = 1;

/** A request that a step sent, as far as its own end knows it. */
export interface AskedRequest {
  /** Index of the step within its exercise. */
  readonly step: number;
  /** The `x-request-id` that its proxies log. Absent where the answer did not carry one back: Istio's gateways give a new one. */
  readonly id?: string;
  /** Path and query, as a proxy logs it. */
  readonly path: string;
  readonly userAgent?: string;
  /** Milliseconds since 1970, before it was sent and after it was answered. */
  readonly from: number;
  readonly to: number;
  /** What a sample counted the answer by. */
  readonly value?: string;
}

/** One way that answers took; requests of a step that took the same way are counted together. */
export interface Answer {
  readonly step: number;
  readonly value?: string;
  readonly requests: number;
  /** `namespace/pod` that answered; a proxy's own where no app was asked (`by: 'proxy'`). */
  readonly pod: string;
  readonly by: 'app' | 'proxy';
  readonly status: number;
  /** Gateways and clients' proxies on the way, `namespace/pod`, the outermost first. */
  readonly through: readonly string[];
  /** Whether the answering pod's proxy was called over mutual TLS; absent where its log does not say. */
  readonly mutualTls?: boolean;
  /** SPIFFE identity that called it, where the log says. */
  readonly as?: string;
  /** `namespace/name` of the VirtualService whose route it took, and the route's name, where the log says. */
  readonly virtualService?: string;
  readonly route?: string;
  /** Envoy's response flags, such as `UF` or `NR`, where a proxy answered. */
  readonly flags?: string;
  /** How log lines and requests were put together. */
  readonly matchedBy: 'request id' | 'time, path and browser';
}

export interface Answers {
  readonly version: typeof ANSWERS_VERSION;
  /** `off`: the proxies write none, or none in Istio's form; `unreadable`: pods or their logs can't be read. */
  readonly log: 'read' | 'off' | 'unreadable';
  readonly answers: readonly Answer[];
  /** Requests that no proxy logged, by step. */
  readonly missing: readonly { readonly step: number; readonly requests: number }[];
}
