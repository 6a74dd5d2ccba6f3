/** The quick part of `doctor`, before each run: checks for everything that a run needs. */
import { findEnvoy, missingPrograms } from '../../setup/programs.js';
import { type Finding, problem, renderFinding } from '../doctor/finding.ts';
import { namespaceFinding } from '../doctor/namespaces.ts';
import { CliError, EXIT } from '../failure.ts';

/**
 * @param browser the only browser requested.
 * @param sandbox whether the embedded sandbox will run here.
 * @throws {CliError} `LW-MACHINE` with every finding.
 */
export async function requireMachine(browser: 'firefox' | 'chromium' | undefined, sandbox = true): Promise<void> {
  const findings: Finding[] = missingPrograms()
    .filter((program) => sandbox || program.sandbox !== true)
    .filter((program) => browser === undefined || program.browser === undefined || program.browser === browser)
    .map((program) => problem(program.package, `${program.name} is missing`, program.why, 'node setup/index.js'));
  if (sandbox && findEnvoy() === undefined) {
    findings.push(
      problem('envoy', 'Envoy is missing', 'the mesh and the router of the sandbox', 'node setup/index.js'),
    );
  }
  const namespaces = sandbox ? await namespaceFinding() : undefined;
  if (namespaces?.level === 'problem') findings.push(namespaces);
  if (findings.length === 0) return;
  const message = `This machine is not fit for the run.\n${findings.map(renderFinding).join('\n')}`;
  throw new CliError(EXIT.notFit, 'LW-MACHINE', message, 'npx labwright doctor shows all checks');
}
