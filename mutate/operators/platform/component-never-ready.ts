import type { Path } from '../../../language/yaml-document.ts';
import { check } from '../../../steps/check.ts';
import { insertStep } from '../../edit.ts';
import type { PlacedManifest } from '../../subject.ts';
import { textAt } from '../../tree.ts';
import type { Operator } from '../operator.ts';

/** A project quota, as workshops often set one, leaves room for part of the control plane or for none of it. */
export const componentNeverReady: Operator = {
  name: 'platform/component-never-ready',
  summary: 'a component of the control plane never becomes ready',
  missing: 'a step that waits until the control plane is ready with all its components',
  occasions: ({ manifests }) =>
    manifests.flatMap((plane) => {
      const room = roomFor(plane);
      const from = plane.uses.find(({ step }) => !check.owns(step));
      if (room === undefined || from === undefined) return [];
      const { namespace, pods } = room;
      const run = `oc create quota too-small --hard=pods=${pods} -n ${namespace}`;
      return [
        {
          edit: insertStep(from.document, from.path, { run, title: 'A small quota' }),
          description: `a quota lets ${pods === 0 ? 'no pod' : `${pods} pods`} into ${namespace}`,
          from,
          about: [plane.name, plane.kind, 'quota', 'too-small'],
        },
      ];
    }),
};

/** Service Mesh 2 runs several pods there, Service Mesh 3 only istiod. */
function roomFor({ kind, object }: PlacedManifest): { namespace: string; pods: number } | undefined {
  const [path, pods] = PLANES[kind] ?? [[], 0];
  const namespace = textAt(object, path);
  return path.length === 0 || namespace === undefined ? undefined : { namespace, pods };
}

const PLANES: Readonly<Record<string, readonly [namespace: Path, pods: number]>> = {
  ServiceMeshControlPlane: [['metadata', 'namespace'], 2],
  Istio: [['spec', 'namespace'], 0],
};
