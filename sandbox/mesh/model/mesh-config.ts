/** The settings of a mesh, from the ConfigMap `istio` (or `istio-NAME`) and istiod's environment. */
import { load } from 'js-yaml';
import { type KubeObject, resource } from '../../client/client.ts';
import type { Deployment, LabelSelector } from '../../client/kinds.ts';
import { istioRelease } from './release.ts';

export interface ConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}
export const CONFIG_MAPS = resource<ConfigMap>('v1', 'ConfigMap', 'configmaps');

export interface MeshConfig {
  /** The version of Service Mesh (`2.0.7.1`) or Istio (`v1.24.6`). */
  readonly version: string;
  /** Whether apps may call hosts that are neither a Service nor a ServiceEntry. */
  readonly outbound: 'ALLOW_ANY' | 'REGISTRY_ONLY';
  /** Whether clients use mutual TLS automatically if the server's proxy supports it. */
  readonly autoMtls: boolean;
  readonly accessLog: AccessLogConfig;
  readonly protocolDetection: ProtocolDetection;
  /** Selectors of the namespaces that belong to the mesh. Empty for all namespaces. */
  readonly discoverySelectors: readonly LabelSelector[];
}

export interface AccessLogConfig {
  /** The log file. Empty for no log. */
  readonly file: string;
  readonly encoding: 'TEXT' | 'JSON';
  /** The log format. Empty for Istio's default. */
  readonly format: string;
}

/** Whether proxies detect the protocol of a port from the first bytes when the port does not declare it. */
export interface ProtocolDetection {
  /** In the server's proxy. */
  readonly inbound: boolean;
  /** In the client's proxy. */
  readonly outbound: boolean;
  /** How long a proxy waits for the first bytes; `0s` for no limit. */
  readonly timeout: string;
}

/** The fields of `mesh:` in the ConfigMap that have an effect. */
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

/** Whether a Deployment is istiod, whose environment has settings. */
export function isIstiod({ metadata }: KubeObject): boolean {
  return metadata.labels?.['app'] === 'istiod';
}

/**
 * @param maps the ConfigMaps in the control plane's namespace.
 * @param istiod the Deployment in the same namespace.
 * @param otherwise the version of Service Mesh when the labels of the ConfigMap have none.
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

/** Until 1.18, istiod's environment could turn detection off. Before 1.8, a silent connection became TCP after a timeout. */
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

/** Invalid YAML counts as empty, so that proxies continue with Istio's defaults. */
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
