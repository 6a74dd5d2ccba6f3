/** image.openshift.io: the fields of an ImageStream that the sandbox reads or writes. */
import { type KubeObject, resource } from '../../client/client.ts';
import type { Condition } from '../../client/kinds.ts';

export interface TagReference {
  name: string;
  from?: { kind: string; name: string; namespace?: string };
  generation?: number | null;
}

export interface TagEvent {
  created: string;
  dockerImageReference: string;
  image: string;
  generation: number;
}

export interface NamedTagEvents {
  tag: string;
  items: TagEvent[] | null;
  conditions?: (Condition & { generation: number })[];
}

export interface ImageStream extends KubeObject {
  spec?: { tags?: TagReference[]; lookupPolicy?: { local: boolean } };
  status?: { dockerImageRepository?: string; tags?: NamedTagEvents[] };
}

export const IMAGE_STREAMS = resource<ImageStream>('image.openshift.io/v1', 'ImageStream', 'imagestreams');
