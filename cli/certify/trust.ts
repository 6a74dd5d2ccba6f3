/** `--ca`: certificate authorities that browsers and shells trust on a real cluster. */
import { join } from 'node:path';
import { trustHome } from '../../certificates/trust.ts';
import { findCommand } from '../../setup/programs.js';
import { CliError, EXIT } from '../failure.ts';
import { ROOT } from '../lab.ts';

/**
 * @returns the folder that holds them; undefined if none are named.
 * @throws {CliError} `LW-CA`, `LW-CERTUTIL`
 */
export async function trustOf(options: {
  readonly ca?: string;
  readonly kubeconfig?: string;
}): Promise<string | undefined> {
  const { ca, kubeconfig } = options;
  if (ca === undefined) return undefined;
  if (kubeconfig === undefined)
    throw new CliError(EXIT.usage, 'LW-CA', '--ca is for real clusters: a sandbox is trusted anyway.');
  const certutil = findCommand('certutil');
  if (certutil === undefined) {
    const message = 'certutil is missing; it adds the authorities to the browsers.';
    throw new CliError(EXIT.notFit, 'LW-CERTUTIL', message, 'sudo apt-get install -y libnss3-tools');
  }
  try {
    return await trustHome(ca, join(ROOT, '.labwright', 'trust'), certutil);
  } catch (error) {
    const said = error instanceof Error ? error.message.split('\n').slice(0, 2).join(' ') : String(error);
    throw new CliError(EXIT.usage, 'LW-CA', `The authorities can’t be used: ${said}`, `openssl x509 -in ${ca} -noout`);
  }
}
