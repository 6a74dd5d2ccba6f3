/** Where the answers of a random walk differ and why. Each rule must still be needed. */
export interface WalkDifference {
  /** The operation, such as `apply Secret`. */
  readonly step: RegExp;
  /** Where the answers differ. */
  readonly path: RegExp;
  readonly because: string;
}

const REFUSAL = /^(status|body\.(code|message|reason|details))$/;
const OWNED =
  'a map without entries that somebody applies is owned as such by the real one; ours leaves it out before it looks';

export const KNOWN: readonly WalkDifference[] = [
  { step: /./, path: /^warnings/, because: 'ours says what has no effect in the sandbox' },
  {
    step: /^(apply|merge|strategic|replace) Secret$/,
    path: REFUSAL,
    because: 'data that is no base64 is refused by both; the real one finds it at another stage, with another code',
  },
  { step: /^list ConfigMap$/, path: /data\.ca\.crt$/, because: 'each cluster has an authority of its own' },
  {
    step: / Deployment$/,
    path: /metadata\.generation$/,
    because: 'the real one counts changes of annotations too',
  },
  {
    step: /^apply Service$/,
    path: /^body\.(message|details\.causes.*)$/,
    because: 'refused by both; of a port that two managers own, ours takes away the name that one of them drops',
  },
  // Both refuse it, but name different fields.
  {
    step: /^apply (Lease|Role|ServiceAccount)$/,
    path: /^body\.details\.causes\[\d\]\.(field|message)$/,
    because: OWNED,
  },
  // Each of these is a single call that only one of the two refuses.
  {
    step: /^apply ConfigMap$/,
    path: /^(status|body\.(code|message|reason|details\.(kind|name|causes\[0\]\.(field|message|reason))))$/,
    because: OWNED,
  },
  {
    step: /^apply Role$/,
    path: /^(status|body\.(apiVersion|code|details|kind|message|reason|rules|status|metadata\.\w+))$/,
    because: OWNED,
  },
];
