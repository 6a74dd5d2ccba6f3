/** `--control-plane`: which parts of a sandbox's control plane are the real programs. `real` includes istiod if it is installed. */
export const CONTROL_PLANES = ['ours', 'real', 'real-api', 'real-mesh'] as const;
export type ControlPlaneName = (typeof CONTROL_PLANES)[number];

/** The value of `LABWRIGHT_CONTROL_PLANE`, with which `certify` passes it to its tests. */
export function controlPlaneFromEnvironment(): ControlPlaneName | undefined {
  return CONTROL_PLANES.find((one) => one === process.env['LABWRIGHT_CONTROL_PLANE']);
}
