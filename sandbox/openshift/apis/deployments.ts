/** apps.openshift.io, in addition to the stored DeploymentConfigs: `oc rollout latest` and `oc rollback`. */
import { at, isRecord, number, text } from '../../../model/fields.ts';
import { StatusError } from '../../api/status.ts';
import type { AggregatedApi, ApiRequest, ApiResponse } from '../../api/types.ts';
import type { Client } from '../../client/client.ts';
import { REPLICATION_CONTROLLERS } from '../../client/kinds.ts';
import { DEPLOYMENT_CONFIGS, type DeploymentConfig } from '../apps/kinds.ts';
import { configOf, nameOfVersion } from '../apps/replication.ts';

const KINDS = { instantiate: 'DeploymentRequest', rollback: 'DeploymentConfigRollback' };

export function deploymentApi(client: Client): AggregatedApi {
  return {
    group: 'apps.openshift.io',
    version: 'v1',
    beside: true,
    resources: Object.entries(KINDS).map(([sub, kind]) => ({
      name: `deploymentconfigs/${sub}`,
      singularName: '',
      namespaced: true,
      kind,
      verbs: ['create'],
    })),
    handle: async (request) => {
      const config = await client.get(DEPLOYMENT_CONFIGS, request.name ?? '', request.namespace);
      return request.subresource === 'rollback' ? rollback(client, config, request) : instantiate(client, config);
    },
  };
}

/** Starts the next version, regardless of the triggers. */
async function instantiate(client: Client, config: DeploymentConfig): Promise<ApiResponse> {
  const { name, namespace } = config.metadata;
  if (config.spec.paused === true) {
    const why = `Internal error occurred: cannot deploy a paused deployment config`;
    throw new StatusError(500, 'InternalError', why);
  }
  const latestVersion = (config.status?.latestVersion ?? 0) + 1;
  const details = { message: 'manual change', causes: [{ type: 'Manual' }] };
  const status = { latestVersion, details };
  const body = await client.patch(DEPLOYMENT_CONFIGS, name, namespace, { status }, { subresource: 'status' });
  return { status: 201, body };
}

/** @returns the configuration of an earlier version. The client sends it as an update. */
async function rollback(client: Client, config: DeploymentConfig, { body }: ApiRequest): Promise<ApiResponse> {
  const spec = at(body, 'spec');
  const wanted = number(at(spec, 'revision')) || (config.status?.latestVersion ?? 0) - 1;
  const name = text(at(spec, 'from', 'name')) || nameOfVersion(config, wanted);
  const controller = await client.find(REPLICATION_CONTROLLERS, name, config.metadata.namespace);
  const before = controller && configOf(controller);
  if (before === undefined) {
    const why = `couldn't find deployment for rollback: replicationcontrollers "${name}" not found`;
    throw new StatusError(422, 'Invalid', why);
  }
  const take = (field: string): boolean => isRecord(spec) && spec[field] === true;
  const { template, strategy, triggers, replicas, selector } = before.spec;
  return {
    status: 201,
    body: {
      ...config,
      spec: {
        ...config.spec,
        template,
        ...(take('includeStrategy') ? { strategy } : {}),
        ...(take('includeReplicationMeta') ? { replicas, selector } : {}),
        // Turn off automatic triggers, or they would replace the old image at once.
        triggers: (take('includeTriggers') ? triggers : config.spec.triggers)?.map((one) =>
          one.imageChangeParams === undefined
            ? one
            : { ...one, imageChangeParams: { ...one.imageChangeParams, automatic: false } },
        ),
      },
    },
  };
}
