/** `labwright sandbox status` */
import { EXIT, type ExitCode } from '../failure.ts';
import { readStates } from './state.ts';

/** Prints the running sandboxes. */
export function status(options: { readonly json?: true }): ExitCode {
  const states = readStates().map(({ holderStart: _ticks, ...shown }) => shown);
  if (options.json === true) {
    console.log(JSON.stringify(states));
  } else if (states.length === 0) {
    console.log('No sandbox is running.');
  } else {
    for (const { name, server, kubeconfig, proxy, since } of states) {
      console.log(`${name}  running since ${since}\n  server ${server}\n  kubeconfig ${kubeconfig}\n  proxy ${proxy}`);
    }
  }
  return EXIT.certified;
}
