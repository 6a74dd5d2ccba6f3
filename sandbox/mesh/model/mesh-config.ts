/** A mesh's own settings, as istiod reads them: the ConfigMap `istio` (or `istio-NAME`), and its own environment. */
import { load } from 'js-yaml';
import { type KubeObject, resource } from '../../client/client.ts';
import type { Deployment, LabelSelector } from '../../client/kinds.ts';
import { istioRelease } from './release.ts';

export interface ConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}
export const CONFIG_MAPS = resource<ConfigMap>('v1', 'ConfigMap', 'configmaps');

export interface MeshConfig {
  /** Of Service Mesh (`2.0.7.1`) or of Istio (`v1.24.6`). */
  readonly version: string;
  /** Whether apps may call hosts that are neither a Service nor a ServiceEntry. */
  readonly outbound: 'ALLOW_ANY' | 'REGISTRY_ONLY';
  /** Whether clients use mutual TLS automatically if the server's proxy supports it. */
  readonly autoMtls: boolean;
  readonly accessLog: AccessLogConfig;
  readonly protocolDetection: ProtocolDetection;
  /** Labels of namespaces that are looked at; everything where there are none. */
  readonly discoverySelectors: readonly LabelSelector[];
}

export interface AccessLogConfig {
  /** Empty: Istio logs nothing. */
  readonly file: string;
  readonly encoding: 'TEXT' | 'JSON';
  /** Istio's default if empty. */
  readonly format: string;
}

/** Whether a port that does not say its protocol is told by the first bytes of a connection. */
export interface ProtocolDetection {
  /** At the server's proxy. */
  readonly inbound: boolean;
  /** At the client's. */
  readonly outbound: boolean;
  /** How long a proxy waits for the first bytes; `0s`: for ever. */
  readonly timeout: string;
}

/** What `mesh:` in the ConfigMap may hold, as far as it has an effect. */
interface WrittenConfig {
  readonly accessLogFile?: string;
  readonly accessLogEncoding?: string;
  readonly accessLogFormat?: string;
  readonly enableAutoMtls?: boolean;
  readonly outboundTrafficPolicy?: { readonly mode?: string };
  readonly discoverySelectors?: readonly LabelSelector[];
  readonly protocolDetectionTimeout?: string;
}

/** Whether a ConfigMap is a control plane's settings. */
export function isMeshConfig({ metadata, data }: ConfigMap): boolean {
  return /^istio(-|$)/.test(metadata.name) && data?.['mesh'] !== undefined;
}

/** Whether a Deployment is istiod's, whose environment counts. */
export function isIstiod({ metadata }: KubeObject): boolean {
  return metadata.labels?.['app'] === 'istiod';
}

/**
 * @param maps of the control plane's namespace.
 * @param istiod of the same namespace.
 * @param otherwise the version of Service Mesh where no map's labels tell one.
 */
export function meshConfig(maps: readonly ConfigMap[], istiod: Deployment | undefined, otherwise: string): MeshConfig {
  const map = maps.find(isMeshConfig);
  const written = writtenConfig(map?.data?.['mesh'] ?? '');
  const version = versionOf(map) ?? otherwise;
  return {
    version,
    protocolDetection: protocolDetection(written, istiod, version),
    outbound: written.outboundTrafficPolicy?.mode === 'REGISTRY_ONLY' ? 'REGISTRY_ONLY' : 'ALLOW_ANY',
    autoMtls: written.enableAutoMtls !== false,
    accessLog: {
      file: written.accessLogFile ?? '',
      encoding: written.accessLogEncoding === 'JSON' ? 'JSON' : 'TEXT',
      format: written.accessLogFormat ?? '',
    },
    discoverySelectors: written.discoverySelectors ?? [],
  };
}

/** istiod could be told to look at no bytes until 1.18; before 1.8 a connection that stayed silent was TCP after a while. */
function protocolDetection(
  { protocolDetectionTimeout }: WrittenConfig,
  istiod: Deployment | undefined,
  version: string,
): ProtocolDetection {
  const { minor } = istioRelease(version);
  const env = istiod?.spec?.template?.spec.containers.flatMap((container) => container.env ?? []) ?? [];
  const isOff = (name: string): boolean =>
    minor < 19 && env.some((one) => one.name === `PILOT_ENABLE_PROTOCOL_SNIFFING_FOR_${name}` && one.value === 'false');
  return {
    inbound: !isOff('INBOUND'),
    outbound: !isOff('OUTBOUND'),
    timeout: protocolDetectionTimeout ?? (minor < 8 ? '5s' : '0s'),
  };
}

/** What is no YAML is as good as empty: proxies keep going with Istio's defaults. */
function writtenConfig(text: string): WrittenConfig {
  try {
    const written: unknown = text.trim() === '' ? {} : load(text);
    return typeof written === 'object' && written !== null ? written : {};
  } catch {
    return {};
  }
}

/** The labels that the operator and the charts set. */
function versionOf(map: ConfigMap | undefined): string | undefined {
  const labels = map?.metadata.labels;
  return labels?.['maistra-version'] ?? labels?.['app.kubernetes.io/version'];
}
