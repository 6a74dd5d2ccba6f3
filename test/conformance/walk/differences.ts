/** Where the answers of a random walk differ and why. Each rule must still be needed. */
export interface WalkDifference {
  /** What is done, e.g. `apply Secret`. */
  readonly step: RegExp;
  /** Where the answers differ. */
  readonly path: RegExp;
  readonly because: string;
}

const REFUSAL = /^(status|body|body\.(code|message|reason|details|details\..*))$/;

export const KNOWN: readonly WalkDifference[] = [
  { step: /./, path: /^warnings/, because: 'ours says what has no effect in the sandbox' },
  {
    step: /^(apply|merge|strategic|json|replace) Secret$/,
    path: REFUSAL,
    because: 'data that is no base64 is refused by both; the real one finds it at another stage, with another code',
  },
];
