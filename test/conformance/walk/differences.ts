/** Where the answers of a random walk differ and why. Each rule must still be needed. */
export interface WalkDifference {
  /** The operation, such as `apply Secret`. */
  readonly step: RegExp;
  /** Where the answers differ. */
  readonly path: RegExp;
  readonly because: string;
}

/** Warnings of fields without effect, which a sandbox gives with either server. All others are compared. */
export const OWN_WARNING = / has no effect in the sandbox/;

export const KNOWN: readonly WalkDifference[] = [
  {
    step: /^merge Secret$/,
    path: /^body\.(message|details\.causes\[0\]\.message)$/,
    because: 'both refuse data that is not base64 and show the whole object as JSON, with the fields in another order',
  },
  { step: /^list ConfigMap$/, path: /data\.ca\.crt$/, because: 'each cluster has its own certificate authority' },
];
