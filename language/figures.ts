/** Values of `releases.yaml` that a step reads and that differ from those the guide was written for. */

import type { Release, Step } from '../model/lab.ts';
import { interpolate } from './interpolate.ts';

export interface FigureDrift {
  /** `smcp.ready` */
  readonly name: string;
  readonly here: string;
  /** In the first release, for which the guide was written. */
  readonly guide: string;
}

const READ = /\$\{(release\.[\w.-]+)\}/g;

export function figuresOf(step: Step, release: string, releases: readonly Release[]): readonly FigureDrift[] {
  const [first] = releases;
  const own = releases.find(({ name }) => name === release);
  if (first === undefined || own === undefined) return [];
  const names = new Set([...step.yaml.matchAll(READ)].map(([, name = '']) => name));
  return [...names].flatMap((name) => {
    // The value of a drift does not come from the guide.
    if (step.drift?.some(({ channel }) => channel?.includes(name) === true) === true) return [];
    const value = ({ figures }: Release): string => interpolate(`\${${name}}`, { release: figures }, step.at);
    const [here, guide] = [value(own), value(first)];
    return here === guide ? [] : [{ name: name.replace(/^release\./, ''), here, guide }];
  });
}
