/** All operators. To add one, write a file in its group and add a line here. */

import { leftOut } from './guide/left-out.ts';
import { repeated } from './guide/repeated.ts';
import { swapped } from './guide/swapped.ts';
import type { Operator } from './operator.ts';
import { channel } from './platform/channel.ts';
import { componentNeverReady } from './platform/component-never-ready.ts';
import { disguisedBrowser } from './platform/disguised-browser.ts';
import { droppedInsteadOfReset } from './platform/dropped-instead-of-reset.ts';
import { gatewayDown } from './platform/gateway-down.ts';
import { noDns } from './platform/no-dns.ts';
import { noRoute } from './platform/no-route.ts';
import { operatorMissing } from './platform/operator-missing.ts';
import { replicaCutOff } from './platform/replica-cut-off.ts';
import { routeElsewhere } from './platform/route-elsewhere.ts';
import { routeNotAdmitted } from './platform/route-not-admitted.ts';
import { ruleLeft } from './platform/rule-left.ts';
import { serviceGone } from './platform/service-gone.ts';
import { strayPod } from './platform/stray-pod.ts';
import { version } from './platform/version.ts';
import { workloadDown } from './platform/workload-down.ts';
import { destinationPort } from './routing/destination-port.ts';
import { faultLeft } from './routing/fault-left.ts';
import { gateway } from './routing/gateway.ts';
import { gatewayMisnamed } from './routing/gateway-misnamed.ts';
import { headerMisnamed } from './routing/header-misnamed.ts';
import { hostMisnamed } from './routing/host-misnamed.ts';
import { match } from './routing/match.ts';
import { mirror } from './routing/mirror.ts';
import { ruleHost } from './routing/rule-host.ts';
import { ruleMissing } from './routing/rule-missing.ts';
import { ruleOrder } from './routing/rule-order.ts';
import { subsetLabels } from './routing/subset-labels.ts';
import { subsetLabelsSwapped } from './routing/subset-labels-swapped.ts';
import { subsetMisnamed } from './routing/subset-misnamed.ts';
import { subsetMissing } from './routing/subset-missing.ts';
import { subsetSwapped } from './routing/subset-swapped.ts';
import { timeout } from './routing/timeout.ts';
import { virtualHost } from './routing/virtual-host.ts';
import { weights } from './routing/weights.ts';
import { authorization } from './security/authorization.ts';
import { clientTls } from './security/client-tls.ts';
import { extraMember } from './security/extra-member.ts';
import { mtlsMode } from './security/mtls-mode.ts';
import { notAMember } from './security/not-a-member.ts';
import { oneWorkloadOnly } from './security/one-workload-only.ts';
import { policyElsewhere } from './security/policy-elsewhere.ts';
import { policyLeft } from './security/policy-left.ts';
import { softened } from './security/softened.ts';
import { annotationElsewhere } from './workload/annotation-elsewhere.ts';
import { appAsleep } from './workload/app-asleep.ts';
import { crashLoop } from './workload/crash-loop.ts';
import { environment } from './workload/environment.ts';
import { imageSwapped } from './workload/image-swapped.ts';
import { imageTag } from './workload/image-tag.ts';
import { injectionDropped } from './workload/injection-dropped.ts';
import { injectionFalse } from './workload/injection-false.ts';
import { labelWrong } from './workload/label-wrong.ts';
import { neverReady } from './workload/never-ready.ts';
import { portExcluded } from './workload/port-excluded.ts';
import { replicas } from './workload/replicas.ts';
import { selector } from './workload/selector.ts';
import { servicePort } from './workload/service-port.ts';
import { targetPort } from './workload/target-port.ts';

export const OPERATORS: readonly Operator[] = [
  ...[injectionDropped, injectionFalse, imageTag, imageSwapped, labelWrong, selector, targetPort, servicePort],
  ...[replicas, crashLoop, neverReady, appAsleep, annotationElsewhere, portExcluded, environment],
  ...[
    subsetSwapped,
    subsetMisnamed,
    hostMisnamed,
    destinationPort,
    weights,
    match,
    ruleMissing,
    ruleOrder,
    gatewayMisnamed,
  ],
  ...[virtualHost, gateway, subsetLabels, subsetLabelsSwapped, subsetMissing, ruleHost],
  ...[headerMisnamed, faultLeft, timeout, mirror],
  ...[mtlsMode, policyElsewhere, oneWorkloadOnly, clientTls, notAMember, authorization],
  ...[softened, policyLeft, extraMember],
  ...[operatorMissing, channel, version, componentNeverReady, gatewayDown, serviceGone, workloadDown],
  ...[replicaCutOff, noRoute, routeNotAdmitted, droppedInsteadOfReset, noDns, disguisedBrowser],
  ...[routeElsewhere, strayPod, ruleLeft],
  ...[leftOut, swapped, repeated],
];
