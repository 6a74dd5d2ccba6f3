/** Applies a pod's own container `istio-proxy` over the injector's template. Pure. */
import type { Container } from '../../client/kinds.ts';

export const PROXY = 'istio-proxy';

/** The template's container, overridden by the pod's own `istio-proxy`. The image `auto` means the template's. */
export function overlaid(template: Container, containers: readonly Container[]): Container {
  const own = containers.find(({ name }) => name === PROXY);
  if (own === undefined) return template;
  const { image, env = [], ports = [], volumeMounts = [], ...rest } = own;
  const named = new Set(env.map(({ name }) => name));
  const listening = new Set(ports.map(({ containerPort }) => containerPort));
  return {
    ...template,
    ...rest,
    image: image === 'auto' ? template.image : image,
    env: [...env, ...(template.env ?? []).filter(({ name }) => !named.has(name))],
    ports: [...ports, ...(template.ports ?? []).filter(({ containerPort }) => !listening.has(containerPort))],
    volumeMounts: [...volumeMounts, ...(template.volumeMounts ?? [])],
  };
}
