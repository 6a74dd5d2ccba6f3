/** The mesh control plane: watches the cluster, serves every proxy its configuration. */

import type { KubeObject, Resource } from '../client/client.ts';
import { Controller } from '../client/controller.ts';
import type { Informer } from '../client/informer.ts';
import type { Component, SandboxContext } from '../component.ts';
import { type ProxyNode, type Snapshot, startAdsServer } from '../xds/ads.ts';
import { authorityOf } from './authority.ts';
import { reportIgnored } from './ignored-kinds.ts';
import { AUTHORIZATION_POLICIES } from './model/authorization-policy.ts';
import { meshOf, type World } from './model/push-context.ts';
import { SERVICE_ENTRIES } from './model/service-entry.ts';
import { SIDECARS } from './model/sidecar.ts';
import {
  DESTINATION_RULES,
  ENDPOINTS,
  GATEWAYS,
  NAMESPACES,
  type Namespace,
  PEER_AUTHENTICATIONS,
  PODS,
  SERVICES,
  VIRTUAL_SERVICES,
} from './model/virtual-service.ts';
import { shareRootCertificate } from './root-certificate.ts';
import { isCredential, SECRETS } from './translate/credentials.ts';
import { snapshotFor } from './translate/snapshot.ts';
import { reportUnhonoured } from './unsupported-fields.ts';

const MEMBER_OF = 'maistra.io/member-of';

/** Resolves when proxies are served. Kinds whose CRDs come later are followed as soon as they are there. */
export async function startMesh(context: SandboxContext): Promise<Component> {
  const { informers, settings } = context;
  const log = (message: string): void => context.log('mesh', message);
  const follow = <T extends KubeObject>(of: Resource<T>): Informer<T> => informers.of(of);
  const core = {
    services: follow(SERVICES),
    endpoints: follow(ENDPOINTS),
    pods: follow(PODS),
    namespaces: follow(NAMESPACES),
    secrets: follow(SECRETS),
  };
  const rules = {
    virtualServices: follow(VIRTUAL_SERVICES),
    destinationRules: follow(DESTINATION_RULES),
    gateways: follow(GATEWAYS),
    peerAuthentications: follow(PEER_AUTHENTICATIONS),
    authorizationPolicies: follow(AUTHORIZATION_POLICIES),
    serviceEntries: follow(SERVICE_ENTRIES),
    sidecars: follow(SIDECARS),
  };
  const meshes = new MeshCache((root) => ({
    root,
    namespaces: core.namespaces.list(),
    services: core.services.list(),
    endpoints: core.endpoints.list(),
    pods: core.pods.list(),
    virtualServices: rules.virtualServices.list(),
    destinationRules: rules.destinationRules.list(),
    gateways: rules.gateways.list(),
    peerAuthentications: rules.peerAuthentications.list(),
    authorizationPolicies: rules.authorizationPolicies.list(),
    serviceEntries: rules.serviceEntries.list(),
    sidecars: rules.sidecars.list(),
    secrets: core.secrets.list().filter(isCredential),
  }));
  const ads = await startAdsServer({
    socket: settings.xdsSocket,
    log,
    snapshot: (node) => snapshot(node, meshes, core.namespaces),
  });
  const all = [...Object.values(core), ...Object.values(rules)] as readonly Informer<KubeObject>[];
  for (const informer of all) {
    informer.onChange(({ object }) => {
      // Most Secrets are tokens: they change with every pod, and no proxy asks for them.
      if (object.kind === 'Secret' && !isCredential(object)) return;
      meshes.forget();
      ads.push();
    });
  }
  const members = new Controller(
    async (name) => shareWith(core.namespaces.get(name), context),
    (name, error) => log(`namespace ${name}: ${String(error)}`),
  );
  core.namespaces.onChange(({ object }) => members.enqueue(object.metadata.name));
  const honesty = reportUnhonoured(context, rules);
  const ignored = reportIgnored(context, rules.virtualServices.start());
  await Promise.all(Object.values(core).map((informer) => informer.start()));
  return {
    name: 'mesh',
    stop: async () => {
      await honesty.stop();
      await ignored.stop();
      await members.stop();
      await ads.stop();
    },
  };
}

/** The mesh of a namespace: what it is a member of, or itself where it holds a control plane. */
function snapshot(node: ProxyNode, meshes: MeshCache, namespaces: Informer<Namespace>): Snapshot | undefined {
  const [, , name = ''] = node.id.split('~');
  const namespace = name.slice(name.indexOf('.') + 1);
  const root = namespaces.get(namespace)?.metadata.labels?.[MEMBER_OF] ?? namespace;
  return snapshotFor(meshes.get(root), node);
}

/** Members mount the authority's certificate, so it must be there before their pods. */
async function shareWith(namespace: Namespace | undefined, context: SandboxContext): Promise<void> {
  const root = namespace?.metadata.labels?.[MEMBER_OF];
  if (namespace === undefined || root === undefined || namespace.metadata.deletionTimestamp !== undefined) return;
  const authority = await authorityOf(context.client, root);
  await shareRootCertificate(context.client, namespace.metadata.name, authority.certificate);
}

/** One push asks for the same world once per proxy. */
class MeshCache {
  readonly #look: (root: string) => World;
  readonly #meshes = new Map<string, World>();

  constructor(look: (root: string) => World) {
    this.#look = look;
  }

  get(root: string): World {
    const known = this.#meshes.get(root) ?? meshOf(this.#look(root));
    this.#meshes.set(root, known);
    return known;
  }

  forget(): void {
    this.#meshes.clear();
  }
}
