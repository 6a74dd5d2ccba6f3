/** A line of a proxy's access log: the sandbox's own JSON, Istio's JSON, or Istio's text. */
import { type Fields, isRecord } from '../../model/fields.ts';

export interface AccessLine {
  /** Milliseconds since 1970, when the request began. */
  readonly time: number;
  readonly path: string;
  readonly userAgent: string;
  readonly requestId: string;
  readonly status: number;
  readonly flags: string;
  /** `outbound|80|v1|web.shop.svc.cluster.local`, `inbound|3000||`; empty if the proxy itself answered. */
  readonly cluster: string;
  /** `address:port` of the pod that was called; empty if none was. */
  readonly upstream: string;
  readonly route: string;
  /** The rule behind the route, as istiod records it; only in the sandbox's own lines. */
  readonly config: string;
  /** SPIFFE identity of the caller; only in the sandbox's own lines, empty for plaintext there. */
  readonly peer: string | undefined;
  /** In Istio's lines: the requested server name (SNI), empty for plaintext. */
  readonly serverName: string | undefined;
}

/** @returns undefined for lines that are not about requests: other logs, connections, custom formats. */
export function accessLine(text: string): AccessLine | undefined {
  if (text.startsWith('{')) return jsonLine(text);
  return text.startsWith('[') ? textLine(text) : undefined;
}

function jsonLine(text: string): AccessLine | undefined {
  const fields = parsed(text);
  if (fields === undefined || textAt(fields, 'request_id') === '') return undefined;
  return lineOf({
    time: textAt(fields, 'start_time'),
    path: textAt(fields, 'path'),
    userAgent: textAt(fields, 'user_agent'),
    requestId: textAt(fields, 'request_id'),
    status: textAt(fields, 'response_code'),
    flags: textAt(fields, 'response_flags'),
    cluster: textAt(fields, 'upstream_cluster'),
    upstream: textAt(fields, 'upstream_host'),
    route: textAt(fields, 'route_name'),
    config: textAt(fields, 'route_config'),
    peer: 'downstream_peer' in fields ? textAt(fields, 'downstream_peer') : undefined,
    serverName: 'requested_server_name' in fields ? textAt(fields, 'requested_server_name') : undefined,
  });
}

function parsed(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function textAt(fields: Fields, key: string): string {
  const value = fields[key];
  return typeof value === 'string' || typeof value === 'number' ? told(String(value)) : '';
}

/** Envoy writes `-` for a missing value. */
function told(value: string): string {
  return value === '-' ? '' : value;
}

const TOKEN = /"((?:[^"\\]|\\.)*)"|\[([^\]]*)\]|(\S+)/g;

/** Istio's text format differs between releases only in the middle, so fields are counted from both ends. */
function textLine(text: string): AccessLine | undefined {
  const tokens = [...text.matchAll(TOKEN)].map(([, quoted, bracketed, bare]) => quoted ?? bracketed ?? bare ?? '');
  const [time = '', request = '', status = '', flags = ''] = tokens;
  const [, path] = /^[A-Z]+ (\S+) HTTP\/[\d.]+$/.exec(request) ?? [];
  const [userAgent, requestId, , upstream, cluster, , , , serverName, route] = tokens.slice(-10);
  if (path === undefined || tokens.length < 19) return undefined;
  return lineOf({
    time,
    path,
    userAgent: told(userAgent ?? ''),
    requestId: told(requestId ?? ''),
    status,
    flags: told(flags),
    cluster: told(cluster ?? ''),
    upstream: told(upstream ?? ''),
    route: told(route ?? ''),
    config: '',
    peer: undefined,
    serverName: told(serverName ?? ''),
  });
}

type Written = { readonly [key in keyof AccessLine]: key extends 'time' | 'status' ? string : AccessLine[key] };

function lineOf({ time, status, ...rest }: Written): AccessLine | undefined {
  const began = Date.parse(time);
  return Number.isNaN(began) || !/^\d+$/.test(status) ? undefined : { time: began, status: Number(status), ...rest };
}
