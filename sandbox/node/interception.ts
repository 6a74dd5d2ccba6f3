/**
 * What istio-cni does for a pod with a sidecar: redirects outgoing TCP to the proxy's port 15001, and incoming to 15006.
 *
 * 127.0.0.6 is the proxy's source when it calls its own app; the mark 1337, set by the proxy on its connections, stands
 * in for its user id; the second rule serves a pod that calls its own Service. The kubelet's own connections (probes,
 * port-forward; from the gateway address) pass: a real Istio rewrites the probes to its agent to the same effect.
 */
import { GATEWAY } from './network.ts';

export const INTERCEPTION = `
table ip mesh {
  chain outbound {
    type nat hook output priority -100; policy accept;
    ip saddr 127.0.0.6 return
    oifname "lo" ip daddr != 127.0.0.0/8 meta mark 1337 ip protocol tcp redirect to :15006
    meta mark 1337 return
    oifname "lo" return
    ip protocol tcp redirect to :15001
  }
  chain inbound {
    type nat hook prerouting priority -100; policy accept;
    ip saddr ${GATEWAY} return
    tcp dport { 15020, 15021, 15090 } return
    iifname "eth0" ip protocol tcp redirect to :15006
  }
}
`;
