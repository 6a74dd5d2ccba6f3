/** RequestAuthentication: can be made, and has no effect yet. */

import { type KubeObject, resource } from '../../client/client.ts';
import type { MeshKind } from './kind.ts';

export const REQUEST_AUTHENTICATION: MeshKind = {
  resource: resource<KubeObject>('security.istio.io/v1beta1', 'RequestAuthentication', 'requestauthentications'),
  unsupported: () => ['the sandbox does not enforce RequestAuthentications: tokens are not looked at'],
};
