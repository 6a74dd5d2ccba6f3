/** `oc create route edge | passthrough | reencrypt` */
import { readFile } from 'node:fs/promises';
import { type Command, parse, text } from '../command.ts';
import { OcError } from '../error.ts';
import { makeRoute } from '../route.ts';

const TERMINATIONS = ['edge', 'passthrough', 'reencrypt'] as const;

const OPTIONS = {
  service: text,
  hostname: text,
  port: text,
  path: text,
  'insecure-policy': text,
  'wildcard-policy': text,
  cert: text,
  key: text,
  'ca-cert': text,
  'dest-ca-cert': text,
  'dry-run': text,
  output: { ...text, short: 'o' },
} as const;

export const createRoute: Command = {
  words: 'create route',
  about: 'creates a Route with TLS: edge, passthrough or reencrypt',
  run: async (words) => {
    const { values, positionals, kubectl } = parse('create route', words, OPTIONS);
    const [termination, name] = positionals;
    const known = TERMINATIONS.find((one) => one === termination);
    if (known === undefined)
      throw new OcError(`name a TLS termination: oc create route ${TERMINATIONS.join(' | ')} [NAME] --service=SERVICE`);
    if (values.service === undefined) throw new OcError('required flag(s) "service" not set');
    if (known === 'passthrough' && values.path !== undefined) throw new OcError('unknown flag: --path');
    return makeRoute({
      name,
      service: serviceName(values.service),
      port: values.port,
      hostname: values.hostname,
      path: values.path,
      wildcardPolicy: values['wildcard-policy'],
      alwaysPort: false,
      tls: {
        termination: known,
        ...(values['insecure-policy'] === undefined
          ? {}
          : { insecureEdgeTerminationPolicy: values['insecure-policy'] }),
        ...(await contents({
          certificate: values.cert,
          key: values.key,
          caCertificate: values['ca-cert'],
          destinationCACertificate: values['dest-ca-cert'],
        })),
      },
      kubectl: [...kubectl, ...(values.output === undefined ? [] : [`--output=${values.output}`])],
      dryRun: values['dry-run'],
    });
  },
};

function serviceName(given: string): string {
  const [kind = '', name] = given.split('/');
  if (name === undefined) return given;
  if (!/^(svc|services?)$/i.test(kind)) throw new OcError(`cannot expose ${kind} as routes`);
  return name;
}

async function contents(files: Readonly<Record<string, string | undefined>>): Promise<Record<string, string>> {
  const read: Record<string, string> = {};
  for (const [field, file] of Object.entries(files)) {
    if (file === undefined) continue;
    read[field] = await readFile(file, 'utf8').catch((error: Error) => {
      throw new OcError(error.message);
    });
  }
  return read;
}
