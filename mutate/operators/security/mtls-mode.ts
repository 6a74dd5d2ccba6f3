import { textAt } from '../../tree.ts';
import { onManifests } from '../operator.ts';

export const mtlsMode = onManifests({
  name: 'security/mtls-mode',
  summary: 'a PeerAuthentication has another mode',
  missing: 'a call in plaintext from outside the mesh that must be reset, beside one from the mesh that is answered',
  kinds: ['PeerAuthentication'],
  changes: ({ object }) => {
    const path = ['spec', 'mtls', 'mode'];
    const mode = textAt(object, path);
    const others = ['STRICT', 'PERMISSIVE', 'DISABLE'].filter((other) => other !== mode);
    return (mode === undefined ? [] : others).map((other) => ({
      path,
      value: other,
      description: `mode ${other} instead of ${mode}`,
      about: ['without sidecar', 'reset'],
    }));
  },
});
