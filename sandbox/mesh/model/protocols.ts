/** The protocol of a port, as far as its name or application protocol states it. */

interface NamedPort {
  readonly name?: string;
  readonly port?: number;
  readonly appProtocol?: string;
}

const TCP_NAMES = ['tcp', 'tls', 'https', 'mongo', 'mysql', 'redis', 'udp'];
/** Servers that send first: protocol detection would only make them wait (Istio's list). */
const SERVER_FIRST = [25, 3_306, 27_017];

/** `unknown` when neither the name nor the application protocol states it. */
export type Protocol = 'http' | 'tcp' | 'unknown';

/** The protocol by application protocol or name (`http`, `http-web`, `grpc`). An unknown one is detected. */
export function protocolOf(port: NamedPort): Protocol {
  if (isHttp(port)) return 'http';
  return TCP_NAMES.includes(word(port)) || SERVER_FIRST.includes(port.port ?? 0) ? 'tcp' : 'unknown';
}

export function isHttp(port: NamedPort): boolean {
  return ['http', 'http2', 'grpc', 'grpc-web'].includes(word(port));
}

function word({ appProtocol, name }: NamedPort): string {
  const protocol = (appProtocol ?? name ?? '').toLowerCase();
  return protocol.startsWith('grpc-web') ? 'grpc-web' : (protocol.split('-')[0] ?? '');
}

export function isHttp2(port: NamedPort): boolean {
  return ['http2', 'grpc'].includes(word(port));
}
