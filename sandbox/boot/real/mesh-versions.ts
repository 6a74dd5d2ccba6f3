/**
 * Current istiods read `v1` of Istio's kinds, which the CRDs of older releases do not serve: this adds it, with the schema of the
 * stored version.
 */

import { Controller } from '../../client/controller.ts';
import { CRDS } from '../../client/kinds.ts';
import type { Component, SandboxContext } from '../../component.ts';

const GROUP = /^(networking|security)\.istio\.io$/;

export function serveNewVersions({ client, informers, log }: SandboxContext): Component {
  const definitions = informers.of(CRDS);
  const controller = new Controller(
    async (name) => {
      const { spec } = definitions.get(name) ?? {};
      if (spec === undefined || !GROUP.test(spec.group) || spec.versions.some((version) => version.name === 'v1'))
        return;
      const stored = spec.versions.find((version) => version.storage);
      if (stored === undefined) return;
      const added = { ...stored, name: 'v1', served: true, storage: false };
      await client.patch(CRDS, name, undefined, {
        spec: { versions: [...spec.versions, added] },
      });
    },
    (name, error) => log('istiod', `${name}: ${String(error)}`),
  );
  definitions.onChange(({ object }) => controller.enqueue(object.metadata.name));
  return {
    name: 'mesh-versions',
    stop: async () => {
      await controller.stop();
    },
  };
}
