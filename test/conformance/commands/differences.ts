/** Commands whose output differs here, and why. Every line that differs must be listed. */
export interface CommandDifference {
  readonly lines: RegExp;
  readonly because: string;
}

/** In every command. */
export const EVERYWHERE: readonly CommandDifference[] = [
  {
    lines: /^Warning: .* has no effect in the sandbox/,
    because:
      'messages about the sandbox do not exist on the real server; the sandbox also reports defaults that kubectl sends',
  },
  {
    lines: /^\s*("\."|\.): \{\},?$/,
    because:
      'kubectl shows managedFields until 1.20; the sandbox names the owner of a map’s entries, not of the map itself',
  },
  {
    lines: /^[-+ ]*manager: (kube-controller-manager|unknown)$/,
    because: 'the controllers of the sandbox do not tell the server their names',
  },
  {
    lines: /^Warning: v1 Endpoints is deprecated in v1\.33\+/,
    because: 'the sandbox says it is an older Kubernetes',
  },
];

/** By the command as typed. */
export const KNOWN: Readonly<Record<string, CommandDifference>> = {
  'kubectl delete cronjob,job --all': {
    lines: /^job\.batch "now" deleted/,
    because: 'the garbage collector may be faster on either',
  },
  'kubectl explain pod.spec.containers.livenessProbe.httpGet': {
    lines: /./,
    because: 'descriptions and enumerations of fields, which change between versions',
  },
  'kubectl patch pod one -p \'{"spec":{"containers":[{"name":"one","command":["other"]}]}}\'': {
    lines: /^(@@|[-+ ]|The Pod "one" is invalid)/,
    because: "the real server adds the change in Go's notation after the same sentence",
  },
};
