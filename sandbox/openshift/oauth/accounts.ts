/** Users who can log in, with their passwords and tokens. */
import { createHash, timingSafeEqual } from 'node:crypto';

export interface Account {
  readonly name: string;
  /** Never logged. */
  readonly password: string;
  /** The user's token for the API server. Never logged. */
  readonly token: string;
}

export class Accounts {
  readonly #accounts: readonly Account[];

  constructor(accounts: readonly Account[]) {
    this.#accounts = accounts;
  }

  /** @returns `undefined` if the name or the password is wrong, without saying which. */
  check(name: string, password: string): Account | undefined {
    return this.#accounts.find((one) => one.name === name && isSame(one.password, password));
  }

  /** @param header `Authorization: Basic …` */
  checkBasic(header: string | undefined): Account | undefined {
    const encoded = /^basic\s+(\S+)$/i.exec(header ?? '')?.[1];
    if (encoded === undefined) return undefined;
    const [name = '', ...password] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
    return this.check(name, password.join(':'));
  }
}

/** Compares in constant time. */
export function isSame(expected: string, given: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(expected), digest(given));
}
