/** `--control-plane`: which parts of a sandbox's control plane are the real programs. `real` takes istiod where it is there. */
export const CONTROL_PLANES = ['ours', 'real', 'real-api', 'real-mesh'] as const;
export type ControlPlaneName = (typeof CONTROL_PLANES)[number];

/** What `LABWRIGHT_CONTROL_PLANE` says, by which `certify` tells its tests. */
export function controlPlaneFromEnvironment(): ControlPlaneName | undefined {
  return CONTROL_PLANES.find((one) => one === process.env['LABWRIGHT_CONTROL_PLANE']);
}
