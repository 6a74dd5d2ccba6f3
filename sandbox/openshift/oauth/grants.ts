/** Authorization codes that have not been exchanged yet, and sessions of logged-in browsers. Kept in memory. */
import { createHash, randomBytes } from 'node:crypto';
import type { Account } from './accounts.ts';

/** As in OpenShift, codes and sessions are valid for 5 minutes. */
const CODE_MS = 300_000;
const SESSION_MS = 300_000;

export interface Grant {
  readonly account: Account;
  readonly client: string;
  readonly redirect: string;
  /** The code challenge (RFC 7636); absent when the client sent none. */
  readonly challenge: { readonly value: string; readonly method: 'S256' | 'plain' } | undefined;
}

export class Grants {
  readonly #codes = new Map<string, { grant: Grant; until: number }>();
  readonly #sessions = new Map<string, { account: Account; until: number }>();

  code(grant: Grant): string {
    const code = `sha256~${randomBytes(32).toString('base64url')}`;
    this.#codes.set(code, { grant, until: Date.now() + CODE_MS });
    return code;
  }

  /** Exchanges a code. It is valid once, for the same client and address, with the verifier that matches its challenge. */
  redeem(code: string, client: string, redirect: string, verifier: string | undefined): Account | undefined {
    const found = this.#codes.get(code);
    this.#codes.delete(code);
    if (found === undefined || found.until < Date.now()) return undefined;
    const { grant } = found;
    const fits = grant.client === client && grant.redirect === redirect && isAnswered(grant.challenge, verifier);
    return fits ? grant.account : undefined;
  }

  session(account: Account): string {
    const id = randomBytes(32).toString('base64url');
    this.#sessions.set(id, { account, until: Date.now() + SESSION_MS });
    return id;
  }

  accountOf(session: string | undefined): Account | undefined {
    const found = session === undefined ? undefined : this.#sessions.get(session);
    return found === undefined || found.until < Date.now() ? undefined : found.account;
  }
}

function isAnswered(challenge: Grant['challenge'], verifier: string | undefined): boolean {
  if (challenge === undefined) return true;
  if (verifier === undefined) return false;
  const answer = challenge.method === 'plain' ? verifier : createHash('sha256').update(verifier).digest('base64url');
  return answer === challenge.value;
}
