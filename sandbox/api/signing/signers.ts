/** What each Kubernetes signer accepts (pkg/controller/certificates/signer, pkg/apis/certificates/helpers.go). */

export interface AskedCertificate {
  readonly commonName: string;
  readonly organizations: readonly string[];
  readonly hasAlternativeNames: boolean;
  readonly usages: readonly string[];
}

const CLIENT = ['client auth', 'digital signature', 'key encipherment'];
const SERVER = ['digital signature', 'key encipherment', 'server auth'];

/** @returns why the signer refuses, `nobody` for a signer that the sandbox does not run, `undefined` when it signs. */
export function signerProblem(signer: string, asked: AskedCertificate): string | undefined {
  switch (signer) {
    case 'kubernetes.io/kube-apiserver-client':
      return usageProblem(asked, CLIENT, 'client auth');
    case 'kubernetes.io/kube-apiserver-client-kubelet':
      return (
        kubeletProblem(asked) ??
        (asked.hasAlternativeNames ? 'subjectAltNames are not allowed' : usageProblem(asked, CLIENT, 'client auth'))
      );
    case 'kubernetes.io/kubelet-serving':
      return (
        kubeletProblem(asked) ??
        (asked.hasAlternativeNames
          ? usageProblem(asked, SERVER, 'server auth')
          : 'at least one DNS or IP subjectAltName is required')
      );
    default:
      return 'nobody';
  }
}

function usageProblem({ usages }: AskedCertificate, allowed: readonly string[], needed: string): string | undefined {
  if (usages.includes(needed) && usages.every((usage) => allowed.includes(usage))) return undefined;
  return `usages did not match [${allowed.join(' ')}]`;
}

function kubeletProblem({ commonName, organizations }: AskedCertificate): string | undefined {
  if (organizations.length !== 1 || organizations[0] !== 'system:nodes')
    return 'subject organization is not system:nodes';
  return commonName.startsWith('system:node:') ? undefined : 'subject common name does not begin with system:node: ';
}
