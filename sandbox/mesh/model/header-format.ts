/** Header values may contain Envoy's format commands (`%REQ(X-A)%`); any other percent sign is text, which Envoy requires doubled. */

const COMMANDS = new Set([
  ...['REQ', 'RESP', 'TRAILER', 'DYNAMIC_METADATA', 'CLUSTER_METADATA', 'UPSTREAM_METADATA', 'FILTER_STATE'],
  ...['START_TIME', 'EMIT_TIME', 'PROTOCOL', 'RESPONSE_CODE', 'RESPONSE_CODE_DETAILS', 'RESPONSE_FLAGS'],
  ...['BYTES_RECEIVED', 'BYTES_SENT', 'DURATION', 'REQUEST_DURATION', 'RESPONSE_DURATION', 'ROUTE_NAME', 'HOSTNAME'],
  ...['UPSTREAM_HOST', 'UPSTREAM_CLUSTER', 'UPSTREAM_LOCAL_ADDRESS', 'UPSTREAM_REMOTE_ADDRESS', 'ENVIRONMENT'],
  ...['UPSTREAM_REMOTE_ADDRESS_WITHOUT_PORT', 'VIRTUAL_CLUSTER_NAME', 'CONNECTION_ID', 'STREAM_ID'],
  ...['DOWNSTREAM_REMOTE_ADDRESS', 'DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT', 'DOWNSTREAM_REMOTE_PORT'],
  ...['DOWNSTREAM_DIRECT_REMOTE_ADDRESS', 'DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT'],
  ...['DOWNSTREAM_LOCAL_ADDRESS', 'DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT', 'DOWNSTREAM_LOCAL_PORT'],
  ...['DOWNSTREAM_PEER_URI_SAN', 'DOWNSTREAM_LOCAL_URI_SAN', 'DOWNSTREAM_PEER_SUBJECT', 'DOWNSTREAM_LOCAL_SUBJECT'],
  ...['DOWNSTREAM_PEER_ISSUER', 'DOWNSTREAM_TLS_SESSION_ID', 'DOWNSTREAM_TLS_CIPHER', 'DOWNSTREAM_TLS_VERSION'],
  ...['DOWNSTREAM_PEER_FINGERPRINT_256', 'DOWNSTREAM_PEER_FINGERPRINT_1', 'DOWNSTREAM_PEER_SERIAL'],
  ...['DOWNSTREAM_PEER_CERT', 'DOWNSTREAM_PEER_CERT_V_START', 'DOWNSTREAM_PEER_CERT_V_END', 'REQUESTED_SERVER_NAME'],
]);
/** These require an argument. */
const WITH_ARGUMENT = new Set([
  'REQ',
  'RESP',
  'TRAILER',
  'DYNAMIC_METADATA',
  'CLUSTER_METADATA',
  'UPSTREAM_METADATA',
  'FILTER_STATE',
  'ENVIRONMENT',
]);

/** @returns the value for Envoy: known commands are kept, other percent signs are text. */
export function formatText(value: string): string {
  return value.replace(
    /%%|%([A-Z0-9_]+)(\([^()%]*\))?(:\d{1,6})?%|%/g,
    (found, command?: string, argument?: string) => {
      if (found === '%%') return found;
      if (command !== undefined && COMMANDS.has(command) && fits(command, argument)) return found;
      return found.replaceAll('%', '%%');
    },
  );
}

/** @returns parts that look like commands but are not. */
export function unknownCommands(value: string): readonly string[] {
  return [...value.replaceAll('%%', '').matchAll(/%([^%\s]+)%/g)]
    .map(([found]) => found)
    .filter((found) => formatText(found) !== found);
}

function fits(command: string, argument: string | undefined): boolean {
  if (!WITH_ARGUMENT.has(command)) return argument === undefined;
  return argument !== undefined && /^\([A-Za-z0-9:._?-]+\)$/.test(argument);
}
