/** Runs a command and turns what it throws into a message and an exit code. */
import { CommanderError } from 'commander';
import { describeInternalFault, INTERNAL_FAULT, INTERNAL_NEXT } from '../model/internal-fault.ts';
import { CliError, EXIT } from './failure.ts';
import { endWithParent } from './parent.ts';
import { program } from './program.ts';

/** Errors of the sandbox and the host process have their own code, and the next command in the message. */
function isKnown(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('LW-');
}

async function main(): Promise<void> {
  endWithParent();
  try {
    await program().parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : EXIT.usage;
    } else if (error instanceof CliError) {
      console.error(error.render());
      process.exitCode = error.exitCode;
    } else if (isKnown(error)) {
      console.error(error.message);
      process.exitCode = EXIT.notFit;
    } else {
      // An unexpected error: the stack helps.
      console.error(error);
      console.error(`${describeInternalFault(error)}\n  Next: ${INTERNAL_NEXT}  (${INTERNAL_FAULT})`);
      process.exitCode = EXIT.internal;
    }
  }
}

await main();
