/** image.openshift.io, in addition to the stored ImageStreams: single tags, and image imports. */
import { at, recordsAt, text } from '../../../model/fields.ts';
import { StatusError } from '../../api/status.ts';
import type { AggregatedApi, ApiRequest, ApiResponse } from '../../api/types.ts';
import type { Client } from '../../client/client.ts';
import type { FindImage } from '../images/imagestreams.ts';
import { IMAGE_STREAMS, type ImageStream, type TagReference } from '../images/kinds.ts';
import { eventsOf } from '../images/tags.ts';

const API_VERSION = 'image.openshift.io/v1';

export function imageApi(client: Client, find: FindImage): AggregatedApi {
  const tags = ['create', 'get', 'list', 'update'];
  return {
    group: 'image.openshift.io',
    version: 'v1',
    beside: true,
    resources: [
      resourceFor('imagestreamtags', 'ImageStreamTag', tags, ['istag']),
      resourceFor('imagestreamimports', 'ImageStreamImport', ['create'], []),
    ],
    handle: async (request) => {
      if (request.resource === 'imagestreamimports') return importImages(client, find, request);
      if (request.verb === 'list') return listTags(client, request);
      return request.verb === 'get' ? getTag(client, request) : putTag(client, request);
    },
  };
}

function resourceFor(name: string, kind: string, verbs: string[], shortNames: string[]) {
  return { name, singularName: kind.toLowerCase(), namespaced: true, kind, verbs, shortNames };
}

function tagObject(stream: ImageStream, name: string): object {
  const tag = stream.spec?.tags?.find((one) => one.name === name) ?? null;
  const event = eventsOf(stream, name)?.items?.[0];
  const { namespace, uid, creationTimestamp } = stream.metadata;
  return {
    kind: 'ImageStreamTag',
    apiVersion: API_VERSION,
    metadata: {
      name: `${stream.metadata.name}:${name}`,
      namespace,
      uid,
      creationTimestamp: event?.created ?? creationTimestamp,
    },
    tag,
    generation: event?.generation ?? 0,
    lookupPolicy: stream.spec?.lookupPolicy ?? { local: false },
    image:
      event === undefined ? {} : { metadata: { name: event.image }, dockerImageReference: event.dockerImageReference },
  };
}

function tagNames({ spec, status }: ImageStream): string[] {
  return [...new Set([...(spec?.tags ?? []).map(({ name }) => name), ...(status?.tags ?? []).map(({ tag }) => tag)])];
}

async function listTags(client: Client, { namespace }: ApiRequest): Promise<ApiResponse> {
  const { items, resourceVersion } = await client.list(IMAGE_STREAMS, namespace === undefined ? {} : { namespace });
  const tags = items.flatMap((stream) => tagNames(stream).map((name) => tagObject(stream, name)));
  return { body: { kind: 'ImageStreamTagList', apiVersion: API_VERSION, metadata: { resourceVersion }, items: tags } };
}

async function getTag(client: Client, { name = '', namespace }: ApiRequest): Promise<ApiResponse> {
  const [streamName = '', tag = ''] = name.split(':');
  const stream = await client.find(IMAGE_STREAMS, streamName, namespace);
  if (stream === undefined || !tagNames(stream).includes(tag))
    throw new StatusError(404, 'NotFound', `imagestreamtags.image.openshift.io ${JSON.stringify(name)} not found`);
  return { body: tagObject(stream, tag) };
}

async function putTag(client: Client, request: ApiRequest): Promise<ApiResponse> {
  const { namespace, body, verb } = request;
  const name = request.name ?? text(at(body, 'metadata', 'name'));
  const [stream = '', tag = ''] = name.split(':');
  const given = at(body, 'tag');
  const reference = { ...(typeof given === 'object' ? given : {}), name: tag };
  const stored = await setTags(client, namespace, stream, [reference]);
  return { status: verb === 'create' ? 201 : 200, body: tagObject(stored, tag) };
}

/** Sets tags of a stream, and creates the stream if it does not exist. */
async function setTags(
  client: Client,
  namespace: string | undefined,
  name: string,
  tags: readonly TagReference[],
): Promise<ImageStream> {
  const stream = await client.find(IMAGE_STREAMS, name, namespace);
  if (stream === undefined) {
    const metadata = { name, ...(namespace === undefined ? {} : { namespace }) };
    const { apiVersion, kind } = IMAGE_STREAMS;
    return client.create(IMAGE_STREAMS, { apiVersion, kind, metadata, spec: { tags: [...tags] } });
  }
  const others = (stream.spec?.tags ?? []).filter((one) => tags.every((tag) => tag.name !== one.name));
  return client.patch(IMAGE_STREAMS, name, namespace, { spec: { tags: [...others, ...tags] } });
}

/** Reports for each image whether the sandbox can run it, and sets the stream's tags when `spec.import` is true. */
async function importImages(client: Client, find: FindImage, { namespace, body }: ApiRequest): Promise<ApiResponse> {
  const name = text(at(body, 'metadata', 'name'));
  const asked = recordsAt(body, 'spec', 'images').map((one) => {
    const reference = text(at(one, 'from', 'name'));
    return { reference, tag: text(at(one, 'to', 'name')) || (/:([\w.-]+)$/.exec(reference)?.[1] ?? 'latest') };
  });
  const tags = asked.map(({ reference, tag }) => ({ name: tag, from: { kind: 'DockerImage', name: reference } }));
  const stream = at(body, 'spec', 'import') === true ? await setTags(client, namespace, name, tags) : undefined;
  const images = asked.map(({ reference, tag }) => {
    const image = find(reference);
    if (image === undefined) {
      const message = `dockerimage.image.openshift.io ${JSON.stringify(reference)} not found`;
      return { tag, status: { status: 'Failure', reason: 'NotFound', code: 404, message } };
    }
    const found = { metadata: { name: image.digest }, dockerImageReference: reference };
    return { tag, status: { status: 'Success' }, image: found };
  });
  const status = { images, ...(stream === undefined ? {} : { import: stream }) };
  return { status: 201, body: { ...(typeof body === 'object' ? body : {}), status } };
}
