/** Triggers of a DeploymentConfig: its template has changed, or an image tag points to another image. Pure. */
import { canonical } from '../../client/hash.ts';
import type { ReplicationController } from '../../client/kinds.ts';
import type { Cause, DeploymentConfig, ImageChange, Trigger } from './kinds.ts';
import { configOf } from './replication.ts';

/** @returns the image that a tag currently points to, `undefined` while there is none. */
export type ResolveTag = (from: ImageChange['from']) => string | undefined;

export interface NextVersion {
  readonly message: string;
  readonly causes: Cause[];
}

export function imageChanges({ spec }: DeploymentConfig): ImageChange[] {
  return (spec.triggers ?? []).flatMap(({ type, imageChangeParams }) =>
    type === 'ImageChange' && imageChangeParams !== undefined ? [imageChangeParams] : [],
  );
}

/** The spec with the current images of its tags; the same object when nothing changes. */
export function withImages(config: DeploymentConfig, resolve: ResolveTag): DeploymentConfig['spec'] {
  let { spec } = config;
  for (const change of imageChanges(config)) {
    const image = change.automatic === true ? resolve(change.from) : undefined;
    if (image === undefined || image === change.lastTriggeredImage) continue;
    spec = withImage(spec, change, image);
  }
  return spec;
}

function withImage(spec: DeploymentConfig['spec'], change: ImageChange, image: string): DeploymentConfig['spec'] {
  const names = new Set(change.containerNames);
  const set = <T extends { name: string }>(containers: readonly T[]): T[] =>
    containers.map((one) => (names.has(one.name) ? { ...one, image } : one));
  const { template } = spec;
  const { initContainers } = template.spec;
  const triggers = (spec.triggers ?? []).map(
    (one): Trigger =>
      one.imageChangeParams === change ? { ...one, imageChangeParams: { ...change, lastTriggeredImage: image } } : one,
  );
  const pod = {
    ...template.spec,
    containers: set(template.spec.containers),
    ...(initContainers === undefined ? {} : { initContainers: set(initContainers) }),
  };
  return { ...spec, triggers, template: { ...template, spec: pod } };
}

/** @param latest the newest version, if any. @returns why a new version is due, `undefined` when it is not. */
export function nextVersion(
  config: DeploymentConfig,
  latest: ReplicationController | undefined,
): NextVersion | undefined {
  const triggers = config.spec.triggers ?? [];
  const automatic = imageChanges(config).filter((change) => change.automatic === true);
  // The first version waits until all images are known.
  if (automatic.some(({ lastTriggeredImage = '' }) => lastTriggeredImage === '')) return undefined;
  const before = latest && configOf(latest);
  const changed = automatic.find(
    ({ lastTriggeredImage, from }) => before !== undefined && imageBefore(before, from) !== lastTriggeredImage,
  );
  if (changed !== undefined) {
    return { message: 'image change', causes: [{ type: 'ImageChange', imageTrigger: { from: changed.from } }] };
  }
  const follows =
    triggers.some(({ type }) => type === 'ConfigChange') || (latest === undefined && automatic.length > 0);
  if (!follows) return undefined;
  if (before !== undefined && canonical(before.spec.template) === canonical(config.spec.template)) return undefined;
  return { message: 'config change', causes: [{ type: 'ConfigChange' }] };
}

function imageBefore(config: Pick<DeploymentConfig, 'spec'>, from: ImageChange['from']): string | undefined {
  const triggers = config.spec.triggers ?? [];
  const same = triggers.find(({ imageChangeParams }) => canonical(imageChangeParams?.from) === canonical(from));
  return same?.imageChangeParams?.lastTriggeredImage;
}
