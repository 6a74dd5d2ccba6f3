/** `oc expose` creates a Route for a Service. For anything else it creates a Service, as kubectl does. */
import { type Command, flag, list, type Parsed, parse, text } from '../command.ts';
import { OcError } from '../error.ts';
import { becomeKubectl } from '../kubectl.ts';
import { labelsFrom } from '../labels.ts';
import { makeRoute } from '../route.ts';

const SERVICE = /^(svc|services?)(\.v1\.?)?$/i;

const OPTIONS = {
  name: text,
  port: text,
  hostname: text,
  path: text,
  'wildcard-policy': text,
  labels: { ...list, short: 'l' },
  'dry-run': text,
  type: text,
  output: { ...text, short: 'o' },
} as const;

/** Options of kubectl's expose that take a value, so that the value is not mistaken for the object to expose. */
const KUBECTL = {
  'cluster-ip': text,
  'external-ip': text,
  'field-manager': text,
  filename: { ...list, short: 'f' },
  kustomize: { ...text, short: 'k' },
  'load-balancer-ip': text,
  'override-type': text,
  overrides: text,
  protocol: text,
  recursive: { ...flag, short: 'R' },
  'save-config': flag,
  selector: text,
  'session-affinity': text,
  'target-port': text,
  template: text,
} as const;

export const expose: Command = {
  words: 'expose',
  about: 'creates a Route for a Service, or a Service for a pod, a deployment and so on',
  run: async (words) => {
    const parsed = parse('expose', words, { ...OPTIONS, ...KUBECTL });
    const [kind = '', ...names] = parsed.positionals.flatMap((word) => word.split('/'));
    if (!SERVICE.test(kind)) return becomeKubectl(['expose', ...words]);
    const [service] = names;
    if (service === undefined || service === '')
      throw new OcError('you must provide one or more resources by argument or filename');
    if (names.length > 1) throw new OcError(`multiple resources provided: ${parsed.positionals.join(' ')}`);
    return exposeService(service, parsed);
  },
};

async function exposeService(service: string, { values, kubectl }: Parsed<typeof OPTIONS>): Promise<string> {
  if (values.type !== undefined) throw new OcError('cannot use --type when exposing route');
  const made = await makeRoute({
    name: values.name,
    service,
    port: values.port,
    hostname: values.hostname,
    path: values.path,
    wildcardPolicy: values['wildcard-policy'],
    alwaysPort: true,
    labels: labelsFrom(values.labels ?? []),
    kubectl: [...kubectl, ...(values.output === undefined ? [] : [`--output=${values.output}`])],
    dryRun: values['dry-run'],
  });
  return values.output === undefined ? made.replace(/ created\b/, ' exposed') : made;
}
