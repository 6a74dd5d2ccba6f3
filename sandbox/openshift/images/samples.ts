/** The ImageStreams of the namespace `openshift`. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { ownFormat } from '../../../model/own-format.ts';
import type { Client } from '../../client/client.ts';
import { createOrPatch } from '../create-or-patch.ts';
import { IMAGE_STREAMS } from './kinds.ts';

interface Sample {
  readonly name: string;
  readonly title: string;
  /** Tags by which consoles categorize the stream. */
  readonly kind: string;
  /** Images by tag. The first is also tagged `latest`. */
  readonly tags: Readonly<Record<string, string>>;
}

const FILE = join(import.meta.dirname, 'samples.yaml');
const LABELS = { 'samples.operator.openshift.io/managed': 'true' };

export async function createSampleStreams(client: Client): Promise<void> {
  const samples = ownFormat<readonly Sample[]>(load(await readFile(FILE, 'utf8')));
  await Promise.all(samples.map((sample) => createOrPatch(client, IMAGE_STREAMS, streamOf(sample))));
}

function streamOf({ name, title, kind, tags }: Sample) {
  const [first = ''] = Object.keys(tags);
  const annotations = { 'openshift.io/display-name': title };
  const described = { ...annotations, iconClass: `icon-${name}`, tags: kind };
  return {
    apiVersion: IMAGE_STREAMS.apiVersion,
    kind: IMAGE_STREAMS.kind,
    metadata: { name, namespace: 'openshift', labels: LABELS, annotations },
    spec: {
      tags: [
        ...Object.entries(tags).map(([tag, image]) => ({
          name: tag,
          annotations: described,
          from: { kind: 'DockerImage', name: image },
          referencePolicy: { type: 'Local' },
        })),
        {
          name: 'latest',
          annotations: described,
          from: { kind: 'ImageStreamTag', name: first },
          referencePolicy: { type: 'Local' },
        },
      ],
    },
  };
}
