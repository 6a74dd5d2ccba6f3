/** Commands that never end by themselves: a student stops them with ctrl-C, which nobody does here. */

const ENDLESS: readonly (readonly [RegExp, string])[] = [
  [
    /\b(?:oc|kubectl)\s[^|;&]*\bget\b[^|;&]*\s(?:-w|--watch|--watch-only)(?:=true)?(?=\s|$)/,
    '`ready`, or `check` with `within:`, which wait for the expected state',
  ],
  [/(?:^|[;&|(]\s*|\n\s*)watch\s/, '`check` with `within:`, which repeats until it matches'],
  [
    /\b(?:oc|kubectl)\s[^|;&]*\blogs?\b[^|;&]*\s(?:-f|--follow)(?:=true)?(?=\s|$)/,
    '`logs` without `-f`, in a `check` with `within:`',
  ],
  [/\btail\s[^|;&]*-[a-zA-Z]*[fF]\b/, '`tail` without `-f`, in a `check` with `within:`'],
  [
    // The subcommand itself, behind flags if any: `-c istio-proxy` is none.
    /\b(?:oc|kubectl)(?:\s+--?[\w-]+(?:[= ]\S+)?)*\s+(?:port-forward|proxy)\b[^|;&]*(?=$|[\n;|])/,
    '`&` behind it, and `kill %1` in a later step',
  ],
  [/\bwhile\s+(?:true|:|sleep\s+[\d.]+)\s*;/, 'a loop with an end, such as `for i in $(seq 100)`'],
];

/** @returns what to write instead; undefined for a command that ends. */
export function endlessCommand(command: string): string | undefined {
  if (/(^|[;&|]\s*)timeout\s/.test(command) || /&\s*$/.test(command)) return undefined;
  return ENDLESS.find(([pattern]) => pattern.test(command.trim()))?.[1];
}
