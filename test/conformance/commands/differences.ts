/** Commands whose output differs here, and why. Every line that differs must be listed. */
export interface CommandDifference {
  readonly lines: RegExp;
  readonly because: string;
}

/** In every command. */
export const EVERYWHERE: readonly CommandDifference[] = [
  {
    lines: /^Warning: .* has no effect in the sandbox/,
    because: 'the real server knows nothing of the sandbox; beside it, defaults that kubectl sends are told too',
  },
];

/** By the command as typed. */
export const KNOWN: Readonly<Record<string, CommandDifference>> = {
  'kubectl patch cm app -p \'{"data":"text"}\'': {
    lines: /cannot restore map from string|cannot unmarshal string into Go struct field ConfigMap\.data/,
    because: 'refused by both, with another code and in other words',
  },
  'kubectl delete cronjob,job --all': {
    lines: /^job\.batch "now" deleted/,
    because: 'the garbage collector may be faster, on both',
  },
  'kubectl explain pod.spec.containers.livenessProbe.httpGet': {
    lines: /./,
    because: 'texts and enumerations of fields, which change from version to version',
  },
  'kubectl patch pod one -p \'{"spec":{"containers":[{"name":"one","command":["other"]}]}}\'': {
    lines: /^(@@|[-+ ]|The Pod "one" is invalid)/,
    because: "the real one shows the change in Go's notation after the same sentence",
  },
};
