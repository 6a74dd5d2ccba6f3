/**
 * ImageStreams: looks up each tag of the spec among the images that the sandbox can run, where a real cluster imports from a
 * registry. An imported image is recorded by its tag, where a real cluster records its digest.
 */
import { type ControllerContext, controllerFor, type RunningController } from '../../client/builder.ts';
import { now } from '../../client/conditions.ts';
import { canonical } from '../../client/hash.ts';
import { putStatus } from '../create-or-patch.ts';
import { IMAGE_STREAMS, type ImageStream, type NamedTagEvents, type TagReference } from './kinds.ts';
import { eventsOf, sourceOf } from './tags.ts';

/** The address of a real cluster's internal registry. The sandbox has no registry there. */
const REGISTRY = 'image-registry.openshift-image-registry.svc:5000';

/** @returns details of an image that the sandbox can run, `undefined` for any other. */
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

/** @returns the tag's history with the image as the first entry, or with a failed condition. */
function imported(
  stream: ImageStream,
  tag: TagReference,
  reference: string | undefined,
  find: FindImage,
): NamedTagEvents[] {
  const before = eventsOf(stream, tag.name);
  const generation = stream.metadata.generation ?? 1;
  // As on a real cluster, a tag whose source tag does not exist yet has no status.
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
