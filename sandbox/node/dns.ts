/** The cluster's DNS server: Services, their endpoints and pods under `cluster.local`; host names of Routes resolve to the router. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import packet, { type Answer, type Packet } from 'dns-packet';
import type { AgentContext } from './agent-context.ts';
import { ENDPOINTS, type Endpoints, SERVICES, type Service } from './kinds.ts';

const DOMAIN = '.cluster.local';
const TTL = 5;
const NAME_ERROR = 3;
const PORT = 53;

export interface Zone {
  service(namespace: string, name: string): Service | undefined;
  endpoints(namespace: string, name: string): Endpoints | undefined;
  readonly appsDomain: string;
  readonly router: string;
}

/** Resolves when names are answered, over UDP and TCP. */
export async function startDns(context: AgentContext): Promise<void> {
  const services = context.informers.of(SERVICES);
  const endpoints = context.informers.of(ENDPOINTS);
  const zone: Zone = {
    service: (namespace, name) => services.get(`${namespace}/${name}`),
    endpoints: (namespace, name) => endpoints.get(`${namespace}/${name}`),
    appsDomain: context.settings.appsDomain,
    router: context.settings.nodeAddress,
  };
  await Promise.all([serveUdp(context.dns, zone), serveTcp(context.dns, zone), services.start(), endpoints.start()]);
}

async function serveUdp(address: string, zone: Zone): Promise<void> {
  const socket = createSocket('udp4');
  socket.on('message', (message, from) => {
    const reply = replyTo(message, zone);
    if (reply !== undefined) socket.send(packet.encode(reply), from.port, from.address);
  });
  socket.bind(PORT, address);
  await once(socket, 'listening');
}

async function serveTcp(address: string, zone: Zone): Promise<void> {
  const server = createServer((socket: Socket) => {
    let seen = Buffer.alloc(0);
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      seen = Buffer.concat([seen, chunk]);
      while (seen.length >= 2 && seen.length >= 2 + seen.readUInt16BE(0)) {
        const length = seen.readUInt16BE(0);
        const reply = replyTo(seen.subarray(2, 2 + length), zone);
        seen = seen.subarray(2 + length);
        if (reply !== undefined) socket.write(packet.streamEncode(reply));
      }
    });
  });
  server.listen(PORT, address);
  await once(server, 'listening');
}

function replyTo(message: Buffer, zone: Zone): Packet | undefined {
  try {
    const query = packet.decode(message);
    const [question] = query.questions ?? [];
    if (question === undefined) return undefined;
    const answers = resolve(question.name.toLowerCase(), question.type, zone);
    const flags =
      packet.AUTHORITATIVE_ANSWER | packet.RECURSION_AVAILABLE | ((query.flags ?? 0) & packet.RECURSION_DESIRED);
    return {
      type: 'response',
      ...(query.id === undefined ? {} : { id: query.id }),
      flags: flags | (answers === undefined ? NAME_ERROR : 0),
      questions: query.questions ?? [],
      // Return names exactly as in the question, because some resolvers compare them case-sensitively.
      answers: (answers ?? []).map((answer) =>
        answer.name === question.name.toLowerCase() ? { ...answer, name: question.name } : answer,
      ),
    };
  } catch {
    // Not a DNS message.
    return undefined;
  }
}

/**
 * The records of a name; empty if it has none of that type, undefined if the name does not exist. An alias includes the records of
 * its target, since resolvers of programs do not ask again.
 */
export function resolve(name: string, type: string, zone: Zone): Answer[] | undefined {
  const answers = recordsOf(name, type, zone);
  if (answers === undefined || type === 'CNAME') return answers;
  const seen = new Set([name]);
  for (let last = answers.at(-1); last?.type === 'CNAME'; last = answers.at(-1)) {
    const target = last.data.toLowerCase().replace(/\.$/, '');
    // An alias of itself, or of an unknown name, resolves to nothing.
    if (seen.has(target)) break;
    seen.add(target);
    answers.push(...(recordsOf(target, type, zone) ?? []));
  }
  return answers;
}

function recordsOf(name: string, type: string, zone: Zone): Answer[] | undefined {
  const a = (addresses: readonly string[]): Answer[] =>
    type === 'A' ? addresses.map((data) => ({ name, type: 'A', ttl: TTL, data })) : [];
  if (name.endsWith(`.${zone.appsDomain}`)) return a([zone.router]);
  if (!name.endsWith(DOMAIN)) return undefined;
  const labels = name.slice(0, -DOMAIN.length).split('.');
  const kind = labels.pop();
  const namespace = labels.pop() ?? '';
  if (kind === 'pod') return podAddress(labels, a);
  if (kind !== 'svc' || namespace === '') return undefined;
  const [last = '', ...before] = labels.reverse();
  const service = zone.service(namespace, last);
  if (service === undefined) return undefined;
  const found = zone.endpoints(namespace, last);
  if (before.length === 0) return serviceRecords(name, service, found, a);
  if (before.length === 1) return endpointAddress(before[0] ?? '', found, a);
  return srvRecords(name, type, before, service, found);
}

function serviceRecords(
  name: string,
  service: Service,
  endpoints: Endpoints | undefined,
  a: (addresses: readonly string[]) => Answer[],
): Answer[] | undefined {
  const { clusterIP, externalName } = service.spec;
  if (externalName !== undefined) return [{ name, type: 'CNAME', ttl: TTL, data: externalName }];
  if (clusterIP && clusterIP !== 'None') return a([clusterIP]);
  const addresses = addressesOf(endpoints).map(({ ip }) => ip);
  return addresses.length === 0 ? undefined : a(addresses);
}

function addressesOf(endpoints: Endpoints | undefined) {
  return (endpoints?.subsets ?? []).flatMap(({ addresses = [] }) => addresses);
}

/** `10-128-0-5.<namespace>.pod.cluster.local` */
function podAddress(labels: readonly string[], a: (addresses: readonly string[]) => Answer[]): Answer[] | undefined {
  const address = labels.at(-1)?.replaceAll('-', '.') ?? '';
  return /^\d+\.\d+\.\d+\.\d+$/.test(address) ? a([address]) : undefined;
}

/** `<hostname or address>.<service>.<namespace>.svc.cluster.local` */
function endpointAddress(
  host: string,
  endpoints: Endpoints | undefined,
  a: (addresses: readonly string[]) => Answer[],
): Answer[] | undefined {
  const match = addressesOf(endpoints).find((one) => (one.hostname ?? one.ip.replaceAll('.', '-')) === host);
  return match === undefined ? undefined : a([match.ip]);
}

/** `_<port>._<protocol>.<service>.<namespace>.svc.cluster.local` */
function srvRecords(
  name: string,
  type: string,
  before: readonly string[],
  service: Service,
  endpoints: Endpoints | undefined,
): Answer[] | undefined {
  const [protocol = '', port = ''] = before;
  const wanted = service.spec.ports?.find(
    (one) => `_${one.name}` === port && `_${(one.protocol ?? 'TCP').toLowerCase()}` === protocol,
  );
  if (wanted === undefined) return undefined;
  if (type !== 'SRV') return [];
  const base = name.split('.').slice(2).join('.');
  const srv = (target: string, number: number): Answer => ({
    name,
    type: 'SRV',
    ttl: TTL,
    data: { priority: 0, weight: 100, port: number, target },
  });
  if (service.spec.clusterIP !== 'None') return [srv(base, wanted.port)];
  return addressesOf(endpoints).map(({ ip, hostname }) =>
    srv(`${hostname ?? ip.replaceAll('.', '-')}.${base}`, wanted.port),
  );
}
