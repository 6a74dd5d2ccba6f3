/** Tokens and passwords of a sandbox: new ones for each. */
import { randomBytes, randomInt } from 'node:crypto';
import type { Passwords } from './protocol.ts';

export interface Secrets {
  readonly token: string;
  readonly developerToken: string;
  readonly passwords: Passwords;
}

export function newSecrets(): Secrets {
  return {
    token: newToken(),
    developerToken: newToken(),
    passwords: { admin: newPassword(), developer: newPassword() },
  };
}

/** In the installer's format: four groups of five. */
function newPassword(): string {
  const letters = 'abcdefghijkmnpqrstuvwxyzABCDEFGHIJKLMNPQRSTUVWXYZ23456789';
  const group = (): string => Array.from({ length: 5 }, () => letters[randomInt(letters.length)]).join('');
  return [group(), group(), group(), group()].join('-');
}

/** In OpenShift's format. */
function newToken(): string {
  return `sha256~${randomBytes(32).toString('base64url')}`;
}
