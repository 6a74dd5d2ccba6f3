import type { PlacedManifest } from '../../subject.ts';
import { listAt, textAt } from '../../tree.ts';
import { CONTAINERS, onManifests, WORKLOADS } from '../operator.ts';

/** Takes the image of the workload that is easiest to confuse with this one: the same program, or the same port. */
export const imageSwapped = onManifests({
  name: 'workload/image-swapped',
  summary: 'a workload runs the image of another one: another version, or another role',
  missing: 'a check that shows which version, or which role, answers',
  kinds: WORKLOADS,
  changes: (manifest, { manifests }) => {
    const path = [...CONTAINERS, 0, 'image'];
    const image = textAt(manifest.object, path);
    if (image === undefined) return [];
    const others = manifests.filter((other) => WORKLOADS.includes(other.kind) && other.name !== manifest.name);
    const alike = others.filter((other) => isAlike(manifest, other)).map(({ object }) => textAt(object, path));
    const other = alike.find((candidate) => candidate !== undefined && candidate !== image);
    if (other === undefined) return [];
    return [{ path, value: other, description: `image ${other} instead of ${image}`, about: aboutOf(manifest) }];
  },
});

function isAlike(one: PlacedManifest, other: PlacedManifest): boolean {
  const program = ({ object }: PlacedManifest): string | undefined =>
    textAt(object, [...CONTAINERS, 0, 'image'])?.replace(/:[^:/]+$/, '');
  return program(one) === program(other) || (portOf(one) !== undefined && portOf(one) === portOf(other));
}

function portOf({ object }: PlacedManifest): unknown {
  const [port] = listAt(object, [...CONTAINERS, 0, 'ports']);
  return typeof port === 'object' && port !== null && 'containerPort' in port ? port.containerPort : undefined;
}

/** The labels by which Services and subsets select the pods. */
function aboutOf({ object }: PlacedManifest): string[] {
  const labels = object['spec'];
  return [...new Set(JSON.stringify(labels).match(/"(?:app|version|role)":"([^"]+)"/g) ?? [])].flatMap((pair) => {
    const [, value = ''] = /:"([^"]+)"/.exec(pair) ?? [];
    return value === '' ? [] : [value];
  });
}
