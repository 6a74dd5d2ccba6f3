/** Where the sandbox refuses a wrong rule otherwise than istiod does, and why. By kind and mistake. */
export const KNOWN: Readonly<Record<string, string>> = {
  'VirtualService: an invalid header to add':
    'ours is refused: Envoy refuses such a name, and with it everything else that the proxy is told',
  'Telemetry: a filter that does not parse': 'ours is accepted: Envoy judges the expression when it gets it',
};
