/** The columns of Services, Endpoints, EndpointSlices, Ingresses and NetworkPolicies. */
import { at, fields, items, listAt, number, records, recordsAt, text } from '../../../model/fields.ts';
import type { ApiObject, TablePrinter } from '../types.ts';
import { AGE, column, printer, wide } from './default.ts';
import { selectorText } from './workloads.ts';

export const SERVICES: TablePrinter = printer(
  [column('Type'), column('Cluster-IP'), column('External-IP'), column('Port(s)'), AGE, wide('Selector')],
  (service) => [
    text(at(service, 'spec', 'type')),
    text(at(service, 'spec', 'clusterIP')) || '<none>',
    externalAddress(service),
    ports(service),
    selectorText({ matchLabels: at(service, 'spec', 'selector') }),
  ],
);

function externalAddress(service: ApiObject): string {
  const addresses = listAt(service, 'spec', 'externalIPs').map(text);
  const type = text(at(service, 'spec', 'type'));
  if (type === 'ExternalName') return text(at(service, 'spec', 'externalName'));
  if (type !== 'LoadBalancer') return addresses.join(',') || '<none>';
  const ingress = recordsAt(service, 'status', 'loadBalancer', 'ingress').map(
    (one) => text(one['ip']) || text(one['hostname']),
  );
  return [...ingress, ...addresses].join(',') || '<pending>';
}

function ports(service: ApiObject): string {
  const list = recordsAt(service, 'spec', 'ports').map((port) => {
    const node = number(port['nodePort']);
    return `${number(port['port'])}${node > 0 ? `:${node}` : ''}/${text(port['protocol'])}`;
  });
  return list.join(',') || '<none>';
}

/** The maximum number of addresses to show. The rest is counted. */
const SHOWN = 3;

export const ENDPOINTS: TablePrinter = printer([column('Endpoints'), AGE], (endpoints) => {
  const all = records(endpoints['subsets']).flatMap((subset) => {
    const addresses = records(subset['addresses']).map((address) => text(address['ip']));
    const numbers = records(subset['ports']).map((port) => number(port['port']));
    return numbers.length === 0 ? addresses : numbers.flatMap((port) => addresses.map((ip) => `${ip}:${port}`));
  });
  if (all.length === 0) return ['<none>'];
  const more = all.length > SHOWN ? ` + ${all.length - SHOWN} more...` : '';
  return [`${all.slice(0, SHOWN).join(',')}${more}`];
});

export const ENDPOINT_SLICES: TablePrinter = printer(
  [column('AddressType'), column('Ports'), column('Endpoints'), AGE],
  (slice) => {
    const numbers = records(slice['ports']).map((port) => String(port['port'] ?? '*'));
    const addresses = records(slice['endpoints']).flatMap((endpoint) => items(endpoint['addresses']).map(text));
    const more = addresses.length > SHOWN ? ` + ${addresses.length - SHOWN} more...` : '';
    return [
      text(slice['addressType']),
      numbers.join(',') || '<unset>',
      `${addresses.slice(0, SHOWN).join(',') || '<unset>'}${more}`,
    ];
  },
);

export const NETWORK_POLICIES: TablePrinter = printer([column('Pod-Selector'), AGE], (policy) => [
  selectorText(at(policy, 'spec', 'podSelector')),
]);

export const INGRESSES: TablePrinter = printer(
  [column('Class'), column('Hosts'), column('Address'), column('Ports'), AGE],
  (ingress) => {
    const hosts = recordsAt(ingress, 'spec', 'rules').map((rule) => text(rule['host']) || '*');
    const addresses = recordsAt(ingress, 'status', 'loadBalancer', 'ingress').map(
      (one) => text(one['ip']) || text(one['hostname']),
    );
    const tls = listAt(ingress, 'spec', 'tls').length > 0;
    return [
      text(at(ingress, 'spec', 'ingressClassName')) || '<none>',
      hosts.join(',') || '*',
      addresses.join(','),
      tls ? '80, 443' : '80',
    ];
  },
);

export const CONFIG_MAPS: TablePrinter = printer([column('Data', 'integer'), AGE], (map) => [
  Object.keys(fields(map['data'])).length + Object.keys(fields(map['binaryData'])).length,
]);

export const SECRETS: TablePrinter = printer([column('Type'), column('Data', 'integer'), AGE], (secret) => [
  text(secret['type']),
  Object.keys(fields(secret['data'])).length,
]);
