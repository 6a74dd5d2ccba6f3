/** A mesh's own settings, as istiod reads them: the ConfigMap `istio` (or `istio-NAME`) beside the control plane. */
import { load } from 'js-yaml';
import { type KubeObject, resource } from '../../client/client.ts';
import type { LabelSelector } from '../../client/kinds.ts';

export interface ConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}
export const CONFIG_MAPS = resource<ConfigMap>('v1', 'ConfigMap', 'configmaps');

export interface MeshConfig {
  /** Of Service Mesh (`2.0.7.1`) or of Istio (`v1.24.6`). */
  readonly version: string;
  /** Whether apps may call what is neither a Service nor a ServiceEntry. */
  readonly outbound: 'ALLOW_ANY' | 'REGISTRY_ONLY';
  /** Whether clients use mutual TLS by themselves where the server's proxy takes it. */
  readonly autoMtls: boolean;
  readonly accessLog: AccessLogConfig;
  /** Labels of namespaces that are looked at; everything where there are none. */
  readonly discoverySelectors: readonly LabelSelector[];
}

export interface AccessLogConfig {
  /** Empty: Istio logs nothing. */
  readonly file: string;
  readonly encoding: 'TEXT' | 'JSON';
  /** Istio's own where it is empty. */
  readonly format: string;
}

/** What `mesh:` in the ConfigMap may hold, as far as it has an effect. */
interface WrittenConfig {
  readonly accessLogFile?: string;
  readonly accessLogEncoding?: string;
  readonly accessLogFormat?: string;
  readonly enableAutoMtls?: boolean;
  readonly outboundTrafficPolicy?: { readonly mode?: string };
  readonly discoverySelectors?: readonly LabelSelector[];
}

/** Whether a ConfigMap is a control plane's settings. */
export function isMeshConfig({ metadata, data }: ConfigMap): boolean {
  return /^istio(-|$)/.test(metadata.name) && data?.['mesh'] !== undefined;
}

/** @param maps of the control plane's namespace. @param version where no map's labels tell one. */
export function meshConfig(maps: readonly ConfigMap[], version: string): MeshConfig {
  const map = maps.find(isMeshConfig);
  const written = writtenConfig(map?.data?.['mesh'] ?? '');
  return {
    version: versionOf(map) ?? version,
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

/** What is no YAML is as good as empty: proxies keep going with Istio's defaults. */
function writtenConfig(text: string): WrittenConfig {
  try {
    const written: unknown = text.trim() === '' ? {} : load(text);
    return typeof written === 'object' && written !== null ? written : {};
  } catch {
    return {};
  }
}

/** As the operator and the charts label what they make. */
function versionOf(map: ConfigMap | undefined): string | undefined {
  const labels = map?.metadata.labels;
  return labels?.['maistra-version'] ?? labels?.['app.kubernetes.io/version'];
}
