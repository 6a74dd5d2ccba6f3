/** Where the answers of a random walk differ and why. Each rule must still be needed. */
export interface WalkDifference {
  /** The operation, such as `apply Secret`. */
  readonly step: RegExp;
  /** Where the answers differ. */
  readonly path: RegExp;
  readonly because: string;
}

const REFUSAL = /^(status|body\.(code|message|reason|details))$/;
const OWNED = 'the real server records the owner of an empty map that is applied; the sandbox drops the map first';

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
