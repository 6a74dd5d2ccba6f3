/**
 * A company's certificate authorities for browsers and shells: trusted in addition to the machine's, with verification unchanged.
 * Both browsers keep them in NSS databases, which `certutil` writes.
 */
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { getCACertificates } from 'node:tls';
import { execa } from 'execa';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/** @returns the certificates of a PEM file's text. */
export function certificatesIn(text: string): string[] {
  return text.match(CERTIFICATE) ?? [];
}

/** The authorities that this machine trusts, from Node's own list and the system's (`SSL_CERT_FILE`, `NODE_EXTRA_CA_CERTS`). */
export function machineAuthorities(): string[] {
  return [...new Set([...getCACertificates('default'), ...getCACertificates('system')])];
}

/**
 * Creates a home directory for Chromium, with databases that `certificates/firefox` copies into Firefox profiles, and a bundle for
 * shells. It holds nothing secret and is the same for the same authorities, so it is kept.
 * @param file PEM.
 * @param under folder for such directories.
 * @param certutil path of the program.
 * @returns the directory.
 * @throws if the file can't be read or is not a certificate.
 */
export async function trustHome(file: string, under: string, certutil: string): Promise<string> {
  const certificates = certificatesIn(await readFile(file, 'utf8'));
  if (certificates.length === 0) throw new Error(`${file} holds no certificate in PEM`);
  const home = join(under, createHash('sha256').update(certificates.join('\n')).digest('hex').slice(0, 16));
  await mkdir(under, { recursive: true });
  const making = await mkdtemp(join(under, 'new-'));
  try {
    const database = join(making, '.pki', 'nssdb');
    await mkdir(database, { recursive: true });
    await execa(certutil, ['-N', '-d', `sql:${database}`, '--empty-password']);
    for (const [index, input] of certificates.entries())
      await execa(certutil, ['-A', '-a', '-d', `sql:${database}`, '-n', `lab-${index}`, '-t', 'C,,'], { input });
    await writeFile(join(making, 'bundle.pem'), `${[...machineAuthorities(), ...certificates].join('\n')}\n`);
    // The machine's authorities may have changed since.
    await rm(home, { recursive: true, force: true });
    await rename(making, home).catch(async (error: unknown) => {
      // Another run has just created the same directory.
      if (!(await stat(home).catch(() => undefined))) throw error;
    });
    return home;
  } finally {
    await rm(making, { recursive: true, force: true });
  }
}

/** Variables for a shell: curl, git and Go programs read them. */
export function trustInShells(home: string): Record<string, string> {
  const bundle = join(home, 'bundle.pem');
  return { SSL_CERT_FILE: bundle, CURL_CA_BUNDLE: bundle, GIT_SSL_CAINFO: bundle };
}
