/** Where the answers of a random walk differ and why. Each rule must still be needed. */
export interface WalkDifference {
  /** The operation, such as `apply Secret`. */
  readonly step: RegExp;
  /** Where the answers differ. */
  readonly path: RegExp;
  readonly because: string;
}

const REFUSAL = /^(status|body\.(code|message|reason|details))$/;

export const KNOWN: readonly WalkDifference[] = [
  { step: /./, path: /^warnings/, because: 'the sandbox warns of fields without effect' },
  {
    step: /^(apply|merge|strategic|replace) Secret$/,
    path: REFUSAL,
    because: 'both refuse data that is not base64, but at different points and with different codes',
  },
  { step: /^list ConfigMap$/, path: /data\.ca\.crt$/, because: 'each cluster has its own certificate authority' },
  {
    step: /^apply Service$/,
    path: /^body\.(message|details\.causes.*)$/,
    because: 'both refuse it; if two managers own a port and one drops its name, the sandbox removes the name',
  },
];
