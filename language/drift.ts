/** Known drift: where a release is known to differ from the guide. */
import type { Drift, Lab, Release, Step } from '../model/lab.ts';
import { nearest } from '../model/nearest.ts';
import type { Problem } from './problem.ts';
import { durationOf, type Reading } from './reading.ts';
import type { RawOperatorDrift } from './schema.generated.ts';
import type { Path } from './yaml-document.ts';

/** @param path of the step. */
export function readDrift(raw: RawOperatorDrift, path: Path, reading: Reading): readonly Drift[] {
  return Object.entries(raw).map(([releases, { because, within, channel }]) => {
    const place = [...path, 'drift', releases];
    return {
      releases,
      because,
      ...(within === undefined ? {} : { within: durationOf(within, [...place, 'within'], reading, 0) }),
      ...(channel === undefined ? {} : { channel: reading.variable(channel, [...place, 'channel']) }),
      at: reading.document.keyAt(place),
    };
  });
}

/** The drift declared for a step on a release; if there are several, the last one. */
export function driftOf(step: Step, release: string, releases: readonly Release[]): Drift | undefined {
  return step.drift?.findLast((drift) => covers(drift.releases, release, releases));
}

/** Whether the step is known to fail, as opposed to being played differently. */
export function knownToFail(drift: Drift): boolean {
  return drift.channel === undefined;
}

/** Drift declared for releases that the lab does not list. */
export function driftProblems(lab: Pick<Lab, 'sections' | 'releases'>): Problem[] {
  const names = lab.releases.map(({ name }) => name);
  const steps = lab.sections.flatMap(({ exercises }) => exercises.flatMap((exercise) => exercise.steps));
  return steps
    .flatMap(({ drift = [] }) => drift)
    .flatMap(({ releases, at }) => {
      const name = releases.replace(/\+$/, '');
      if (names.includes(name)) return [];
      const suggestion = nearest(name, names);
      return [
        {
          code: 'LW-RELEASE-UNKNOWN',
          at,
          message: `drift for a release ${name} that the lab does not list`,
          expected: names.length === 0 ? 'a releases.yaml beside lab.yaml' : `one of ${names.join(', ')}`,
          ...(suggestion === undefined ? {} : { suggestion }),
        },
      ];
    });
}

function covers(written: string, release: string, releases: readonly Release[]): boolean {
  if (!written.endsWith('+')) return written === release;
  const names = releases.map(({ name }) => name);
  const first = names.indexOf(written.slice(0, -1));
  return first >= 0 && names.indexOf(release) >= first;
}
