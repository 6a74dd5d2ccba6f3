/** How Deployments, DaemonSets and StatefulSets update their pods (pkg/apis/apps/validation). */
import { at, type Fields, fields, isRecord, text } from '../../../model/fields.ts';
import type { StatusCause } from '../status.ts';
import type { ApiObject } from '../types.ts';
import { forbiddenField, invalidValue, nonNegative, required, unsupported } from './causes.ts';
import { notMoreThanAll, share, shareCauses } from './shares.ts';

export function strategyCauses(object: ApiObject): StatusCause[] {
  const strategy = at(object, 'spec', 'strategy');
  const type = text(at(strategy, 'type'));
  const rolling = at(strategy, 'rollingUpdate');
  const field = 'spec.strategy.rollingUpdate';
  if (type === 'Recreate') {
    const why = "may not be specified when strategy `type` is 'Recreate'";
    return rolling === undefined ? [] : [forbiddenField(field, why)];
  }
  if (type !== 'RollingUpdate') {
    const printed = { Type: type, RollingUpdate: null };
    return [unsupported('spec.strategy', printed, ['Recreate', 'RollingUpdate'])];
  }
  const { maxUnavailable, maxSurge } = fields(rolling);
  return [
    ...shareCauses(maxUnavailable, `${field}.maxUnavailable`),
    ...shareCauses(maxSurge, `${field}.maxSurge`),
    ...(share(maxUnavailable) === 0 && share(maxSurge) === 0
      ? [invalidValue(`${field}.maxUnavailable`, maxUnavailable, 'may not be 0 when `maxSurge` is 0')]
      : []),
    ...notMoreThanAll(maxUnavailable, `${field}.maxUnavailable`),
  ];
}

export function daemonStrategyCauses(object: ApiObject): StatusCause[] {
  const strategy = at(object, 'spec', 'updateStrategy');
  const type = text(at(strategy, 'type'));
  if (type === 'OnDelete') return [];
  if (type !== 'RollingUpdate')
    return [unsupported('spec.updateStrategy', { Type: type, RollingUpdate: null }, ['RollingUpdate', 'OnDelete'])];
  const field = 'spec.updateStrategy.rollingUpdate';
  const { maxUnavailable, maxSurge } = fields(at(strategy, 'rollingUpdate'));
  const surges = share(maxSurge) > 0;
  return [
    ...shareCauses(maxUnavailable, `${field}.maxUnavailable`),
    ...shareCauses(maxSurge, `${field}.maxSurge`),
    ...notMoreThanAll(maxUnavailable, `${field}.maxUnavailable`),
    ...notMoreThanAll(maxSurge, `${field}.maxSurge`),
    ...(surges && share(maxUnavailable) > 0
      ? [invalidValue(`${field}.maxSurge`, maxSurge, 'may not be set when maxUnavailable is non-zero')]
      : []),
    ...(!surges && share(maxUnavailable) === 0
      ? [required(`${field}.maxUnavailable`, 'cannot be 0 when maxSurge is 0')]
      : []),
  ];
}

export function setStrategyCauses(strategy: unknown): StatusCause[] {
  const type = text(at(strategy, 'type'));
  const rolling = at(strategy, 'rollingUpdate');
  const field = 'spec.updateStrategy';
  if (type === 'RollingUpdate') return nonNegative(`${field}.rollingUpdate.partition`, at(rolling, 'partition'));
  if (type !== 'OnDelete') {
    const printed = { Type: type, RollingUpdate: null };
    return [invalidValue(field, printed, "must be 'RollingUpdate' or 'OnDelete'")];
  }
  return isRecord(rolling)
    ? [
        invalidValue(
          `${field}.rollingUpdate`,
          printedRolling(rolling),
          "only allowed for updateStrategy 'RollingUpdate'",
        ),
      ]
    : [];
}

/** With the names of the server's own fields. */
function printedRolling({ partition = null, maxUnavailable = null }: Fields): object {
  return { Partition: partition, MaxUnavailable: maxUnavailable };
}
