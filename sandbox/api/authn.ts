/** Authentication by bearer tokens: those given at startup, and those that the server issues for service accounts. */
import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import type { User } from './types.ts';

/** The user of a request without a token; an invalid token is refused. */
export const ANONYMOUS: User = { name: 'system:anonymous', groups: ['system:unauthenticated'] };

const LOCAL: User = { name: 'system:admin', groups: ['system:masters', 'system:authenticated'] };

/** The issuer (`iss`) in tokens of service accounts. */
export const ISSUER = 'https://kubernetes.default.svc';

export interface IssuedToken {
  readonly token: string;
  readonly expires: number;
}

export class Authenticator {
  readonly #tokens: Map<string, User>;
  readonly #issued = new Map<string, { user: User; expires: number }>();
  readonly #key: KeyObject = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

  constructor(tokens: Map<string, User>) {
    this.#tokens = tokens;
  }

  /** The user of the internal listener. */
  get local(): User {
    return LOCAL;
  }

  /** The public half of the key that signs tokens, as a JSON Web Key Set. */
  get keys(): { keys: object[] } {
    return {
      keys: [{ use: 'sig', kid: this.#keyId, alg: 'ES256', ...createPublicKey(this.#key).export({ format: 'jwk' }) }],
    };
  }

  get #keyId(): string {
    const der = createPublicKey(this.#key).export({ format: 'der', type: 'spki' });
    return createHash('sha256').update(der).digest('base64url');
  }

  /** @param header the `Authorization` header. */
  authenticate(header: string | undefined): User | undefined {
    if (header === undefined) return ANONYMOUS;
    const token = /^bearer\s+(\S+)$/i.exec(header)?.[1];
    return token === undefined ? undefined : this.check(token);
  }

  check(token: string): User | undefined {
    const issued = this.#issued.get(token);
    if (issued !== undefined && issued.expires > Date.now()) return issued.user;
    return this.#tokens.get(token);
  }

  /** A JWT for a service account, valid for the given number of seconds. */
  issue(namespace: string, name: string, seconds: number, audiences: readonly string[]): IssuedToken {
    const expires = Date.now() + seconds * 1000;
    const subject = `system:serviceaccount:${namespace}:${name}`;
    const claims = {
      aud: audiences,
      exp: Math.floor(expires / 1000),
      iat: Math.floor(Date.now() / 1000),
      iss: ISSUER,
      jti: randomBytes(8).toString('hex'),
      'kubernetes.io': { namespace, serviceaccount: { name } },
      sub: subject,
    };
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const signed = `${encode({ alg: 'ES256', kid: this.#keyId })}.${encode(claims)}`;
    const signature = sign('sha256', Buffer.from(signed), { key: this.#key, dsaEncoding: 'ieee-p1363' });
    const token = `${signed}.${signature.toString('base64url')}`;
    const groups = ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'];
    this.#issued.set(token, { user: { name: subject, groups }, expires });
    return { token, expires };
  }
}
