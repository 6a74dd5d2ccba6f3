/** RequestAuthentication: can be made, and has no effect yet. */

import { type KubeObject, resource } from '../../client/client.ts';
import { withoutEffect } from '../../fields/support.ts';
import type { MeshKind } from './kind.ts';

export const REQUEST_AUTHENTICATION: MeshKind = {
  resource: resource<KubeObject>('security.istio.io/v1beta1', 'RequestAuthentication', 'requestauthentications'),
  fields: withoutEffect('tokens are not looked at'),
};
