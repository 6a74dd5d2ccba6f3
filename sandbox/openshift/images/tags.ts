/** Resolves the tags of ImageStreams. */
import type { Informer } from '../../client/informer.ts';
import type { ImageStream, NamedTagEvents, TagReference } from './kinds.ts';

type Streams = Pick<Informer<ImageStream>, 'get'>;

/** @param name `STREAM:TAG`. @returns the image to run, `undefined` while the tag has none. */
export function imageOfTag(streams: Streams, namespace: string | undefined, name: string): string | undefined {
  const [stream = '', tag = 'latest'] = name.split(':');
  return eventsOf(streams.get(`${namespace}/${stream}`), tag)?.items?.[0]?.dockerImageReference;
}

export function eventsOf(stream: ImageStream | undefined, tag: string): NamedTagEvents | undefined {
  return stream?.status?.tags?.find((one) => one.tag === tag);
}

/** @returns the image reference of a tag, also through other tags; `undefined` when one is missing or they form a circle. */
export function sourceOf(streams: Streams, stream: ImageStream, tag: TagReference, depth = 0): string | undefined {
  const { from } = tag;
  if (from === undefined || depth > 10) return undefined;
  if (from.kind === 'DockerImage') return from.name;
  if (from.kind !== 'ImageStreamTag') return undefined;
  const [first = '', second] = from.name.split(':');
  const { namespace = stream.metadata.namespace } = from;
  const [name, other] = second === undefined ? [stream.metadata.name, first] : [first, second];
  const target = streams.get(`${namespace}/${name}`);
  const next = target?.spec?.tags?.find((one) => one.name === other);
  if (target === undefined || next === undefined) return undefined;
  return sourceOf(streams, target, next, depth + 1);
}
