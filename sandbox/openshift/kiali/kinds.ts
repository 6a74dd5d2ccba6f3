/** The kinds of the Kiali operator (kiali.io/v1alpha1): the fields that the sandbox reads or writes. */
import { type KubeObject, resource } from '../../client/client.ts';
import type { Condition } from '../../client/kinds.ts';

export interface Kiali extends KubeObject {
  readonly spec?: {
    readonly deployment?: { readonly instance_name?: string; readonly namespace?: string };
    readonly version?: string;
  };
  readonly status?: { readonly conditions?: readonly Condition[] };
}

export const KIALIS = resource<Kiali>('kiali.io/v1alpha1', 'Kiali', 'kialis');
/** The plugin for the web console. */
export const OSSM_CONSOLES = resource<Kiali>('kiali.io/v1alpha1', 'OSSMConsole', 'ossmconsoles');
