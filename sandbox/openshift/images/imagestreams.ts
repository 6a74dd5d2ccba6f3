/**
 * ImageStreams: each tag of the spec is looked up among the images that the sandbox runs, as the import of a real cluster
 * looks into a registry. What is imported keeps its tag: a real cluster notes it by its digest.
 */
import { type ControllerContext, controllerFor, type RunningController } from '../../client/builder.ts';
import { now } from '../../client/conditions.ts';
import { canonical } from '../../client/hash.ts';
import { putStatus } from '../create-or-patch.ts';
import { IMAGE_STREAMS, type ImageStream, type NamedTagEvents, type TagReference } from './kinds.ts';
import { eventsOf, sourceOf } from './tags.ts';

/** Where a real cluster's own registry is. Nothing answers there in the sandbox. */
const REGISTRY = 'image-registry.openshift-image-registry.svc:5000';

/** @returns what is known of an image that the sandbox runs; `undefined` for any other. */
export type FindImage = (reference: string) => { readonly digest: string } | undefined;

export function startImageStreams(context: ControllerContext, find: FindImage): RunningController {
  const streams = context.informers.of(IMAGE_STREAMS);
  return controllerFor(context, 'image-import-controller', IMAGE_STREAMS)
    .watches(IMAGE_STREAMS, ({ object }) =>
      streams
        .list()
        .filter((one) => refersTo(one, object))
        .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`),
    )
    .reconciles(async (stream) => {
      const { name, namespace } = stream.metadata;
      const tags = (stream.spec?.tags ?? []).flatMap((tag) =>
        imported(stream, tag, sourceOf(streams, stream, tag), find),
      );
      const named = new Set(tags.map(({ tag }) => tag));
      const others = (stream.status?.tags ?? []).filter(({ tag }) => !named.has(tag));
      const status = { dockerImageRepository: `${REGISTRY}/${namespace}/${name}`, tags: [...tags, ...others] };
      if (canonical(status) !== canonical(stream.status))
        await putStatus(context.client, IMAGE_STREAMS, stream, status);
    });
}

function refersTo(stream: ImageStream, { metadata: { name, namespace } }: ImageStream): boolean {
  return (stream.spec?.tags ?? []).some(
    ({ from }) =>
      from?.kind === 'ImageStreamTag' &&
      from.name.startsWith(`${name}:`) &&
      (from.namespace ?? stream.metadata.namespace) === namespace,
  );
}

/** @returns the tag's history with the image in front, or why there is none. */
function imported(
  stream: ImageStream,
  tag: TagReference,
  reference: string | undefined,
  find: FindImage,
): NamedTagEvents[] {
  const before = eventsOf(stream, tag.name);
  const generation = stream.metadata.generation ?? 1;
  // A tag that leads to one that is not there yet says nothing, as on a real cluster.
  if (reference === undefined) return before === undefined ? [] : [before];
  const image = find(reference);
  if (image === undefined) return [failed(tag.name, reference, before, generation)];
  const [last] = before?.items ?? [];
  if (last?.dockerImageReference === reference) return [{ tag: tag.name, items: before?.items ?? [] }];
  const event = { created: now(), dockerImageReference: reference, generation, image: image.digest };
  return [{ tag: tag.name, items: [event, ...(before?.items ?? [])] }];
}

function failed(
  tag: string,
  reference: string,
  before: NamedTagEvents | undefined,
  generation: number,
): NamedTagEvents {
  const message = `dockerimage.image.openshift.io "${reference}" not found: no images.yaml of the sandbox names it`;
  const known = before?.conditions?.find((one) => one.message === message);
  const condition = {
    type: 'ImportSuccess',
    status: 'False' as const,
    reason: 'NotFound',
    message,
    generation,
    lastTransitionTime: now(),
  };
  return { tag, items: before?.items ?? null, conditions: [known ?? condition] };
}
