/** The interface of a command, and how it parses its arguments. */
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { OcError } from './error.ts';

export interface Command {
  /** The words of the command, such as `adm policy`. */
  readonly words: string;
  /** One line for `oc help`. */
  readonly about: string;
  /** @param words the arguments. @returns the output; undefined if it has been printed already. @throws {OcError} */
  run(words: readonly string[]): Promise<string | undefined>;
}

export const text = { type: 'string' } as const;
export const flag = { type: 'boolean' } as const;
export const list = { type: 'string', multiple: true } as const;

/** Options that every command accepts and passes on to kubectl. */
const GLOBAL = {
  namespace: { ...text, short: 'n' },
  kubeconfig: text,
  context: text,
  as: text,
  'as-group': list,
  'request-timeout': text,
} satisfies ParseArgsOptionsConfig;

type Values<O extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<{ args: string[]; allowPositionals: true; options: O }>
>['values'];

export interface Parsed<O extends ParseArgsOptionsConfig> {
  readonly values: Values<O>;
  readonly positionals: readonly string[];
  readonly namespace: string | undefined;
  /** Options for kubectl that it shares with oc, including the namespace. */
  readonly kubectl: readonly string[];
}

/** @param command as typed. @throws {OcError} with the unknown option. */
export function parse<const O extends ParseArgsOptionsConfig>(
  command: string,
  words: readonly string[],
  options: O,
): Parsed<O> {
  // An option whose value is optional.
  const args = words.map((word) => (word === '--dry-run' ? '--dry-run=client' : word));
  try {
    const all = parseArgs({ args, allowPositionals: true, options: { ...GLOBAL, ...options } });
    const globals = parseArgs({ args, allowPositionals: true, strict: false, options: { ...GLOBAL, ...options } });
    return {
      // The values of the command's own options: the compiler does not split the type of a spread type parameter.
      values: all.values as Values<O>,
      positionals: all.positionals,
      namespace: stringOf(globals.values['namespace']),
      kubectl: Object.keys(GLOBAL).flatMap((name) =>
        [globals.values[name]].flat().flatMap((value) => (typeof value === 'string' ? [`--${name}=${value}`] : [])),
      ),
    };
  } catch (error) {
    throw unknownOption(command, error, Object.keys({ ...options, ...GLOBAL }));
  }
}

function stringOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function unknownOption(command: string, error: unknown, known: readonly string[]): OcError {
  const message = error instanceof Error ? error.message : String(error);
  const option = /Unknown option '([^' ]+)'?/.exec(message)?.[1];
  const what = option === undefined ? message : `unknown flag: ${option}`;
  return new OcError(
    `${what}\nThis oc stands in for the real one. Its \`oc ${command}\` has these options: --${known.join(', --')}`,
  );
}
