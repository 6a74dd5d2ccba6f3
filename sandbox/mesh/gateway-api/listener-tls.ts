/** Converts a listener's `tls` for its Istio Gateway (istiod, `buildTLS`). */
import { X509Certificate } from 'node:crypto';
import type { GatewayServer } from '../model/gateway.ts';
import { KUBE_GATEWAYS, type KubeGateway, type ListenerSpec, type SecretReference } from '../model/gateway-api.ts';
import type { Secret } from '../model/kubernetes.ts';
import type { Grants } from './grants.ts';
import type { Problem } from './problem.ts';

interface Inputs {
  readonly secret: (namespace: string, name: string) => Secret | undefined;
  readonly grants: Grants;
}
interface ListenerTls {
  readonly tls?: GatewayServer['tls'];
  readonly problem?: Problem;
}

const OWN_CERTIFICATE = 'gateway.istio.io/tls-terminate-mode';
const MODES: Readonly<Record<string, string>> = { MUTUAL: 'MUTUAL', OPTIONAL_MUTUAL: 'OPTIONAL_MUTUAL' };

export function listenerTls(gateway: KubeGateway, { tls }: ListenerSpec, inputs: Inputs): ListenerTls {
  if (tls === undefined) return {};
  if (tls.mode === 'Passthrough') return { tls: { mode: 'PASSTHROUGH' } };
  const asked = tls.options?.[OWN_CERTIFICATE] ?? '';
  if (asked === 'ISTIO_MUTUAL') return { tls: { mode: 'ISTIO_MUTUAL' } };
  const [first] = tls.certificateRefs ?? [];
  if (first === undefined) return {};
  const { namespace = '' } = gateway.metadata;
  const problem = referenceProblem(first, namespace, inputs);
  if (problem !== undefined) return { problem };
  const of = first.namespace ?? namespace;
  const credentialName = of === namespace ? first.name : `kubernetes-gateway://${of}/${first.name}`;
  return { tls: { mode: MODES[asked] ?? 'SIMPLE', credentialName } };
}

function referenceProblem(reference: SecretReference, own: string, { secret, grants }: Inputs): Problem | undefined {
  const { name, namespace = own, group = '', kind = 'Secret' } = reference;
  const of = `${namespace}/${name}`;
  const invalid = (message: string): Problem => ({ reason: 'InvalidCertificateRef', message });
  if (group !== '' || kind !== 'Secret')
    return invalid(`invalid certificate reference ${group}/${kind}/${name}.${namespace}, only secret is allowed`);
  const reason = { from: { kind: KUBE_GATEWAYS.kind, namespace: own }, to: { kind, namespace, name } };
  if (!grants.allows(reason))
    return {
      reason: 'RefNotPermitted',
      message: `certificateRef ${name}/${namespace} not accessible to a Gateway in namespace "${own}" (missing a ReferenceGrant?)`,
    };
  const found = secret(namespace, name);
  const said = `invalid certificate reference /Secret/${name}.${namespace}`;
  if (found === undefined) return invalid(`${said}, secret ${of} not found`);
  return isCertificate(found) ? undefined : invalid(`${said}, the certificate is malformed`);
}

function isCertificate({ data = {} }: Secret): boolean {
  const [chain, key] = [data['tls.crt'] ?? data['cert'], data['tls.key'] ?? data['key']];
  if (chain === undefined || key === undefined) return false;
  try {
    new X509Certificate(Buffer.from(chain, 'base64'));
    return true;
  } catch {
    return false;
  }
}
