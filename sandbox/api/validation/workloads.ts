/** What Deployments, ReplicaSets, DaemonSets, StatefulSets and Jobs must be. */
import { at, equal, fields, number, records, text } from '../json.ts';
import { invalidValue, labelCauses, required, unsupported } from '../rest/metadata.ts';
import type { StatusCause } from '../status.ts';
import { matchesSelector } from '../storage/selectors.ts';
import type { ApiObject } from '../types.ts';
import { podSpecCauses } from './pods.ts';

export function workloadCauses(object: ApiObject, old: ApiObject | undefined): StatusCause[] {
  const causes: StatusCause[] = [];
  const selector = at(object, 'spec', 'selector');
  if (selector === undefined) causes.push(required('spec.selector'));
  const replicas = number(at(object, 'spec', 'replicas'));
  if (replicas < 0) causes.push(invalidValue('spec.replicas', replicas, 'must be greater than or equal to 0'));
  causes.push(...templateCauses(object, selector));
  if (old !== undefined && !equal(selector, at(old, 'spec', 'selector'))) {
    causes.push(invalidValue('spec.selector', selector, 'field is immutable'));
  }
  return causes;
}

function templateCauses(object: ApiObject, selector: unknown): StatusCause[] {
  const labels = at(object, 'spec', 'template', 'metadata', 'labels') ?? {};
  const causes = labelCauses(labels, 'spec.template.labels');
  if (selector !== undefined && !matchesSelector(selector, labels as Record<string, string>)) {
    causes.push(invalidValue('spec.template.metadata.labels', labels, '`selector` does not match template `labels`'));
  }
  const spec = withClaims(object);
  causes.push(...podSpecCauses(spec, 'spec.template.spec'));
  const restart = text(at(spec, 'restartPolicy'));
  if (['OnFailure', 'Never'].includes(restart))
    causes.push(unsupported('spec.template.spec.restartPolicy', restart, ['Always']));
  return causes;
}

/** A StatefulSet's claims are volumes of its pods. */
function withClaims(object: ApiObject): unknown {
  const spec = at(object, 'spec', 'template', 'spec');
  const claims = records(at(object, 'spec', 'volumeClaimTemplates'));
  if (claims.length === 0) return spec;
  const names = claims.map((claim) => ({ name: at(claim, 'metadata', 'name'), persistentVolumeClaim: {} }));
  return { ...fields(spec), volumes: [...records(at(spec, 'volumes')), ...names] };
}

export function deploymentCauses(object: ApiObject, old: ApiObject | undefined): StatusCause[] {
  const type = text(at(object, 'spec', 'strategy', 'type'));
  const causes = workloadCauses(object, old);
  if (!['Recreate', 'RollingUpdate'].includes(type))
    causes.push(unsupported('spec.strategy.type', type, ['Recreate', 'RollingUpdate']));
  if (type === 'Recreate' && at(object, 'spec', 'strategy', 'rollingUpdate') !== undefined) {
    const message = "Forbidden: may not be specified when strategy `type` is 'Recreate'";
    causes.push({ reason: 'FieldValueForbidden', message, field: 'spec.strategy.rollingUpdate' });
  }
  return causes;
}
