/** Where the sandbox's mesh differs from a current istiod, and why that is accepted. By title of the case. */
export const DIFFERENCES: Readonly<Record<string, string>> = {
  'rules of one namespace for one host are kept apart when they are exported elsewhere':
    'Istio does so since 1.24; the sandbox imitates Service Mesh 2.6 here, whose Istio 1.20 merges them',
};
