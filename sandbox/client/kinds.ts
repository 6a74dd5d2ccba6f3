/** The built-in kinds, one type each: the fields that the sandbox reads or writes. */
export * from './kinds/cluster.ts';
export * from './kinds/meta.ts';
export * from './kinds/pods.ts';
export * from './kinds/policies.ts';
export * from './kinds/services.ts';
export * from './kinds/workloads.ts';
