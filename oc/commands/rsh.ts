/** `oc rsh` opens a shell in a container, or runs one command there. */
import { type Command, flag, parse, text } from '../command.ts';
import { OcError } from '../error.ts';
import { becomeKubectl } from '../kubectl.ts';

const VALUED =
  /^(-c|--container|--shell|-n|--namespace|--context|--kubeconfig|--as|--as-group|--timeout|--request-timeout)$/;

export const rsh: Command = {
  words: 'rsh',
  about: 'opens a shell in a container',
  run: async (words) => {
    const { options, rest } = split(words);
    const [pod, ...command] = rest;
    if (pod === undefined || command[0] === '--')
      throw new OcError('rsh requires a single POD to connect to, and takes the command without "--": oc rsh POD date');
    const { values, kubectl } = parse('rsh', options, {
      container: { ...text, short: 'c' },
      shell: text,
      timeout: text,
      tty: { ...flag, short: 't' },
      'no-tty': { ...flag, short: 'T' },
    });
    if (values.tty === true && values['no-tty'] === true) throw new OcError('you may not specify -t and -T together');
    const shell = values.shell ?? '/bin/sh';
    const { TERM: terminal = 'xterm' } = process.env;
    const own = shell === '/bin/sh' ? [shell, '-c', `TERM="${terminal}" ${shell}`] : [shell];
    const wantsTerminal = values.tty ?? (process.stdin.isTTY && values['no-tty'] !== true);
    return becomeKubectl([
      'exec',
      '--stdin',
      ...(wantsTerminal ? ['--tty'] : []),
      ...kubectl,
      ...(values.container === undefined ? [] : [`--container=${values.container}`]),
      ...(values.timeout === undefined ? [] : [`--pod-running-timeout=${values.timeout}s`]),
      pod,
      '--',
      ...(command.length === 0 ? own : command),
    ]);
  },
};

/** Options end at the pod; everything after it belongs to the command. */
function split(words: readonly string[]): { options: readonly string[]; rest: readonly string[] } {
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (!word.startsWith('-')) return { options: words.slice(0, index), rest: words.slice(index) };
    if (VALUED.test(word)) index += 1;
  }
  return { options: words, rest: [] };
}
