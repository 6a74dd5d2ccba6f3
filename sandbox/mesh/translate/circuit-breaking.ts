/** How many at once, and which address is left out for a while: a destination rule's circuit breaker. */

import type { Message } from '../../xds/encode.ts';
import type { TrafficPolicy } from '../model/destination-rule.ts';

const NO_LIMIT = 4_294_967_295;

/** Envoy's own limits (1024) are not Istio's, which has none. */
export const UNLIMITED = {
  max_connections: NO_LIMIT,
  max_pending_requests: NO_LIMIT,
  max_requests: NO_LIMIT,
  max_retries: NO_LIMIT,
};

export function thresholds(policy: TrafficPolicy | undefined): Message {
  const { tcp, http } = policy?.connectionPool ?? {};
  return {
    ...UNLIMITED,
    ...(tcp?.maxConnections === undefined ? {} : { max_connections: tcp.maxConnections }),
    ...(http?.http1MaxPendingRequests === undefined ? {} : { max_pending_requests: http.http1MaxPendingRequests }),
    ...(http?.http2MaxRequests === undefined ? {} : { max_requests: http.http2MaxRequests }),
    ...(http?.maxRetries === undefined ? {} : { max_retries: http.maxRetries }),
  };
}

export function outlier(policy: TrafficPolicy | undefined): Message {
  const settings = policy?.outlierDetection;
  if (settings === undefined) return {};
  const errors = settings.consecutive5xxErrors ?? settings.consecutiveErrors;
  const gatewayErrors = settings.consecutiveGatewayErrors;
  return {
    outlier_detection: {
      enforcing_success_rate: 0,
      ...(errors === undefined ? {} : { consecutive_5xx: errors, enforcing_consecutive_5xx: errors > 0 ? 100 : 0 }),
      ...(gatewayErrors === undefined
        ? {}
        : {
            consecutive_gateway_failure: gatewayErrors,
            enforcing_consecutive_gateway_failure: gatewayErrors > 0 ? 100 : 0,
          }),
      ...(settings.interval === undefined ? {} : { interval: settings.interval }),
      ...(settings.baseEjectionTime === undefined ? {} : { base_ejection_time: settings.baseEjectionTime }),
      max_ejection_percent: settings.maxEjectionPercent ?? 10,
      // As Istio's proxies did before Envoy 1.28: the first ejection is always allowed.
      always_eject_one_host: true,
    },
  };
}
