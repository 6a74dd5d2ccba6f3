import { textAt } from '../../tree.ts';
import { onManifests } from '../operator.ts';

export const clientTls = onManifests({
  name: 'security/client-tls',
  summary: 'clients in the mesh no longer use TLS to the Service',
  missing: 'a call within the mesh, or through the gateway, under STRICT',
  kinds: ['DestinationRule'],
  changes: ({ object }) => {
    const path = ['spec', 'trafficPolicy', 'tls', 'mode'];
    const mode = textAt(object, path);
    if (mode === 'DISABLE') return [];
    return [
      {
        path,
        value: 'DISABLE',
        description: `tls mode DISABLE instead of ${mode ?? 'the mesh’s own'}`,
      },
    ];
  },
});
