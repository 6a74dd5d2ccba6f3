/** Company certificate authorities: browsers trust certificates that they signed, and no others. */

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { execa } from 'execa';
import { createServerCertificate } from '../../certificates/server.ts';
import { certificatesIn, trustHome, trustInShells } from '../../certificates/trust.ts';
import { portOf } from '../../model/ports.ts';
import { findCommand } from '../../setup/programs.js';

const ROOT = join(import.meta.dirname, '..', '..');
const certutil = findCommand('certutil');

describe('authorities that are named', { skip: certutil === undefined && 'certutil is not installed' }, () => {
  let directory: string;
  let home: string;
  let address: string;
  let foreign: string;
  const stops: (() => unknown)[] = [];

  async function serve(certificate: { cert: string; key: string }): Promise<string> {
    const server = createServer(certificate, (_request, response) => response.end('<title>inside</title>'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    stops.push(() => {
      server.closeAllConnections();
      server.close();
    });
    return `https://localhost:${portOf(server)}/`;
  }

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'lw-trust-'));
    const [own, other] = await Promise.all([createServerCertificate('company'), createServerCertificate('other')]);
    const file = join(directory, 'company.pem');
    await writeFile(file, `# of the company\n${own.authority}\n`);
    home = await trustHome(file, join(directory, 'trust'), certutil ?? '');
    // Creating it again changes nothing.
    assert.equal(await trustHome(file, join(directory, 'trust'), certutil ?? ''), home);
    address = await serve(own);
    foreign = await serve(other);
  });

  after(async () => {
    for (const stop of stops) stop();
    await rm(directory, { recursive: true });
  });

  for (const browser of ['firefox', 'chromium'] as const) {
    test(`are trusted by ${browser}, and no others`, async () => {
      const spec = join(directory, `${browser}.spec.ts`);
      const playwright = JSON.stringify(join(ROOT, 'node_modules/@playwright/test/index.mjs'));
      await writeFile(
        spec,
        `import { expect, test } from ${playwright};
test('pages', async ({ page }) => {
  await page.goto(${JSON.stringify(address)});
  await expect(page).toHaveTitle('inside');
  await expect(page.goto(${JSON.stringify(foreign)})).rejects.toThrow(/ISSUER|AUTHORITY/);
});\n`,
      );
      await writeFile(join(directory, 'package.json'), '{"type":"module"}');
      const cli = join(ROOT, 'node_modules/@playwright/test/cli.js');
      const config = `--config=${join(ROOT, 'playwright.config.ts')}`;
      const ran = await execa(
        process.execPath,
        [cli, 'test', `${browser}.spec.ts`, config, `--project=${browser}`, '--reporter=line'],
        {
          cwd: ROOT,
          env: {
            LABWRIGHT_LAB: directory,
            LABWRIGHT_REPORTS: join(directory, `reports-${browser}`),
            LABWRIGHT_TRUST: home,
            // These pages need no cluster.
            LABWRIGHT_HOST: join(directory, 'none'),
          },
          reject: false,
          all: true,
        },
      );
      assert.equal(ran.exitCode, 0, ran.all);
    });
  }

  test('are trusted by curl in the lab’s shell, and no others', async () => {
    const options = { env: trustInShells(home), reject: false } as const;
    assert.equal((await execa('curl', ['-sS', '--noproxy', '*', address], options)).stdout, '<title>inside</title>');
    assert.equal((await execa('curl', ['-sS', '--noproxy', '*', foreign], options)).exitCode, 60);
  });
});

test('a file without a certificate is refused', async () => {
  assert.deepEqual(certificatesIn('-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----'), []);
  await assert.rejects(trustHome(import.meta.filename, tmpdir(), 'certutil'), /holds no certificate/);
});
