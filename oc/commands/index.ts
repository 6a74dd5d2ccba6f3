/** The commands of the stand-in, by their words. */
import type { Command } from '../command.ts';
import { adm } from './adm.ts';
import { createRoute } from './create-route.ts';
import { expose } from './expose.ts';
import { extract } from './extract.ts';
import { login } from './login.ts';
import { logout } from './logout.ts';
import { policies } from './policy.ts';
import { processCommand } from './process.ts';
import { projectCommands } from './projects.ts';
import { setRouteBackends } from './route-backends.ts';
import { rsh } from './rsh.ts';
import { versionCommand } from './version.ts';

export const COMMANDS: readonly Command[] = [
  login,
  logout,
  ...projectCommands,
  expose,
  createRoute,
  setRouteBackends,
  rsh,
  extract,
  processCommand,
  ...policies,
  ...adm,
  versionCommand,
];
