/** Finds the web console that `LABWRIGHT_CONSOLE` names: the program `bridge` and the front end that it serves. */
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { SandboxError } from '../../sandbox/index.ts';

export interface ConsoleBuild {
  /** The program. */
  readonly bridge: string;
  /** The folder with the front end's `index.html`. */
  readonly publicDirectory: string;
  /** Where the program finds the files that it names by relative paths. */
  readonly workingDirectory: string;
}

/** The paths in a built checkout, in the console's image, and in a copy of either. */
const PROGRAMS = ['bridge', 'bin/bridge'];
/** Read by the program from its working directory: the top of a checkout, the root of the image. */
const SCHEMA = 'pkg/graphql/schema.graphql';
const FRONT_ENDS = ['frontend/public/dist', 'static', 'public/dist', 'dist', 'public', '.'];

/** Undefined if `LABWRIGHT_CONSOLE` is not set. @throws {SandboxError} `LW-CONSOLE-BUILD` if it names no such folder. */
export function findConsoleBuild(directory = process.env['LABWRIGHT_CONSOLE']): ConsoleBuild | undefined {
  if (directory === undefined || directory === '') return undefined;
  const bridge = PROGRAMS.map((name) => join(directory, name)).find(isProgram);
  if (bridge === undefined) throw notBuilt(directory, 'no program bridge or bin/bridge');
  const found = FRONT_ENDS.find((name) => existsSync(join(directory, name, 'index.html')));
  if (found === undefined) throw notBuilt(directory, `no index.html in ${FRONT_ENDS.slice(0, 2).join(' or ')}`);
  const publicDirectory = join(directory, found);
  return {
    bridge: resolve(bridge),
    publicDirectory: resolve(publicDirectory),
    workingDirectory: withSchema(directory),
  };
}

/** The folder, or the nearest one above, that has the schema; the folder itself for a program that needs none. */
function withSchema(directory: string): string {
  const start = resolve(directory);
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, SCHEMA))) return folder;
    if (folder === dirname(folder)) return start;
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function notBuilt(directory: string, lacks: string): SandboxError {
  return new SandboxError(
    'LW-CONSOLE-BUILD',
    `LABWRIGHT_CONSOLE names ${directory}, which is not a built web console: ${lacks}.`,
    'set it to a folder with a built console, or unset it: steps are then done through the API',
  );
}
