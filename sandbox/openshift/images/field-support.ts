/** Which fields of an ImageStream have an effect here. */
import type { FieldSupport, KindSupport } from '../../fields/support.ts';

const IMAGE_STREAM: FieldSupport = {
  supported: [
    'spec.tags[].name',
    'spec.tags[].from',
    'spec.tags[].generation',
    'spec.lookupPolicy.local=false',
    'spec.tags[].referencePolicy.type=Source',
  ],
  unsupported: {
    'spec.dockerImageRepository': 'name each tag under `tags`: no registry is asked',
    'spec.lookupPolicy': 'pods name images by their whole reference',
    'spec.tags[].importPolicy': 'images are looked up when a tag is set',
    'spec.tags[].referencePolicy': 'there is no registry in the cluster to pull through',
  },
};

export const IMAGE_FIELDS: readonly KindSupport[] = [
  { group: 'image.openshift.io', kind: 'ImageStream', plural: 'imagestreams', support: IMAGE_STREAM },
];
