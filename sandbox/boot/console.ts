/** Where a sandbox finds a web console that runs outside of it: a Unix socket in the sandbox's directory. */
import { join } from 'node:path';

/** The host name of the console's Route, as on a cluster. */
export function consoleHost(appsDomain: string): string {
  return `console-openshift-console.${appsDomain}`;
}

/** @param directory the sandbox's. */
export function consoleSocket(directory: string): string {
  return join(directory, 'console.sock');
}
