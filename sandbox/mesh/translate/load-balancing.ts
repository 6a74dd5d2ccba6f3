/** Load balancing and outlier detection. */
import type { Message } from '../../xds/encode.ts';
import type { ConsistentHash, TrafficPolicy } from '../model/destination-rule.ts';
import type { IstioRelease } from '../model/release.ts';

const SIMPLE: Readonly<Record<string, string>> = {
  ROUND_ROBIN: 'ROUND_ROBIN',
  LEAST_CONN: 'LEAST_REQUEST',
  LEAST_REQUEST: 'LEAST_REQUEST',
  RANDOM: 'RANDOM',
};
const LARGEST_RING = 8_388_608;

/** @returns fields of Envoy's `Cluster`. */
export function loadBalancing(policy: TrafficPolicy | undefined, release: IstioRelease): Message {
  const { consistentHash, simple = '' } = policy?.loadBalancer ?? {};
  const common = {
    common_lb_config: {
      update_merge_window: '0s',
      healthy_panic_threshold: { value: policy?.outlierDetection?.minHealthPercent ?? 0 },
    },
    ...outlierDetection(policy),
  };
  if (consistentHash !== undefined) return { ...common, ...hashing(consistentHash) };
  const lb_policy = SIMPLE[simple] ?? release.balancing;
  return { ...common, lb_policy, ...warmup(policy, lb_policy) };
}

function hashing({ maglev, ringHash, minimumRingSize }: ConsistentHash): Message {
  if (maglev !== undefined)
    return {
      lb_policy: 'MAGLEV',
      ...(maglev.tableSize === undefined ? {} : { maglev_lb_config: { table_size: maglev.tableSize } }),
    };
  const size = ringHash?.minimumRingSize ?? minimumRingSize ?? 0;
  const minimum_ring_size = size === 0 ? 1_024 : Math.min(size, LARGEST_RING);
  return { lb_policy: 'RING_HASH', ring_hash_lb_config: { minimum_ring_size } };
}

/** A new address gets its full share only after a while. */
function warmup(policy: TrafficPolicy | undefined, balancing: string): Message {
  const { warmup: settings, warmupDurationSecs } = policy?.loadBalancer ?? {};
  const duration = settings?.duration ?? warmupDurationSecs;
  if (duration === undefined || balancing === 'RANDOM') return {};
  const slow_start_config = {
    slow_start_window: duration,
    aggression: { default_value: settings?.aggression ?? 1, runtime_key: 'warmup.aggression' },
    min_weight_percent: { value: settings?.minimumPercent ?? 10 },
  };
  return balancing === 'ROUND_ROBIN'
    ? { round_robin_lb_config: { slow_start_config } }
    : { least_request_lb_config: { slow_start_config } };
}

function outlierDetection(policy: TrafficPolicy | undefined): Message {
  const settings = policy?.outlierDetection;
  if (settings === undefined) return {};
  const errors = settings.consecutive5xxErrors ?? settings.consecutiveErrors;
  return {
    outlier_detection: {
      enforcing_success_rate: 0,
      ...consecutive('5xx', errors),
      ...consecutive('gateway_failure', settings.consecutiveGatewayErrors),
      ...(settings.splitExternalLocalOriginErrors === true
        ? {
            split_external_local_origin_errors: true,
            ...consecutive('local_origin_failure', settings.consecutiveLocalOriginFailures),
          }
        : {}),
      ...(settings.interval === undefined ? {} : { interval: settings.interval }),
      ...(settings.baseEjectionTime === undefined ? {} : { base_ejection_time: settings.baseEjectionTime }),
      max_ejection_percent: settings.maxEjectionPercent ?? 10,
      // As in Istio's proxies before Envoy 1.28: the first ejection is always allowed.
      always_eject_one_host: true,
    },
  };
}

/** Zero disables the count. */
function consecutive(what: string, errors: number | undefined): Message {
  if (errors === undefined) return {};
  if (errors === 0) return { [`enforcing_consecutive_${what}`]: 0 };
  return { [`consecutive_${what}`]: errors, [`enforcing_consecutive_${what}`]: 100 };
}
