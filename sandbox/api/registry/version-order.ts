/** The order of a group's versions, by which Kubernetes prefers one. */

/** Sorts v2 before v1 before v1beta2 before v1beta1 before v1alpha1. */
export function byPreference(a: string, b: string): number {
  return rankOf(b) - rankOf(a);
}

function rankOf(version: string): number {
  const [, major = '0', stage = 'stable', minor = '0'] = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version) ?? [];
  return ['alpha', 'beta', 'stable'].indexOf(stage) * 1e6 + Number(major) * 1e3 + Number(minor);
}
