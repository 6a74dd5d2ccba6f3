/** Mistakes of workloads and jobs, refused with the messages of a real kube-apiserver (1.34). */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startServer } from '../testing.ts';
import { attemptsOn, container } from './testing.ts';

const server = await startServer();
after(() => server[Symbol.asyncDispose]());
const { told } = attemptsOn(server);

const template = (labels: Record<string, string>, spec: Record<string, unknown> = {}) => ({
  metadata: { labels },
  spec: { containers: [container()], ...spec },
});
const selector = { matchLabels: { app: 'a' } };

test('selectors, strategies and restart policies of workloads', async () => {
  const deployment = (spec: Record<string, unknown>) =>
    told('Deployment', { spec: { selector, template: template({ app: 'a' }), ...spec } });
  assert.equal(
    await deployment({ template: template({ app: 'b' }) }),
    'spec.template.metadata.labels: Invalid value: {"app":"b"}: `selector` does not match template `labels`',
  );
  assert.equal(
    await deployment({ selector: {} }),
    'spec.selector: Invalid value: {}: empty selector is invalid for deployment',
  );
  assert.equal(
    await deployment({ strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: '0%' } } }),
    'spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "0%": may not be 0 when `maxSurge` is 0',
  );
  assert.equal(
    await deployment({
      template: template({ app: 'a' }, { restartPolicy: 'Never' }),
      progressDeadlineSeconds: 5,
      minReadySeconds: 5,
    }),
    'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"\n' +
      'spec.progressDeadlineSeconds: Invalid value: 5: must be greater than minReadySeconds',
  );
  assert.equal(
    await told('StatefulSet', {
      spec: {
        selector,
        serviceName: 'Db',
        template: template({ app: 'a' }),
        volumeClaimTemplates: [{ metadata: { name: 'd' }, spec: {} }],
      },
    }),
    'spec.volumeClaimTemplates[0].spec.accessModes: Required value: at least 1 access mode is required\n' +
      'spec.volumeClaimTemplates[0].spec.resources[storage]: Required value\n' +
      `spec.serviceName: Invalid value: "Db": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')`,
  );
  assert.equal(
    await told('DaemonSet', {
      spec: { selector, template: template({ app: 'a' }), updateStrategy: { rollingUpdate: { maxUnavailable: 0 } } },
    }),
    'spec.updateStrategy.rollingUpdate.maxUnavailable: Required value: cannot be 0 when maxSurge is 0',
  );
});

test('jobs end, and schedules can be read', async () => {
  assert.equal(
    await told('Job', { spec: { completions: -1, template: { spec: { containers: [container()] } } } }),
    'spec.completions: Invalid value: -1: must be greater than or equal to 0\n' +
      'spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"',
  );
  const cron = (spec: Record<string, unknown>) =>
    told('CronJob', {
      spec: {
        schedule: '* * * * *',
        jobTemplate: { spec: { template: template({}, { restartPolicy: 'Never' }) } },
        ...spec,
      },
    });
  const schedules: Readonly<Record<string, string>> = {
    '* * * *': 'expected exactly 5 fields, found 4: [* * * *]',
    '60 * * * *': 'end of range (60) above maximum (59): 60',
    '* * 0 * *': 'beginning of range (0) below minimum (1): 0',
    '* * * * 7': 'end of range (7) above maximum (6): 7',
    '5-1 * * * *': 'beginning of range (5) beyond end of range (1): 5-1',
    '*/0 * * * *': 'step of range should be a positive number: */0',
    'x * * * *': String.raw`failed to parse int from x: strconv.Atoi: parsing \"x\": invalid syntax`.replaceAll(
      '\\',
      '',
    ),
    '@daytime': 'unrecognized descriptor: @daytime',
  };
  for (const [schedule, why] of Object.entries(schedules))
    assert.equal(await cron({ schedule }), `spec.schedule: Invalid value: "${schedule}": ${why}`);
  assert.equal(await cron({ schedule: '*/5 8-18 1,15 jan-jun MON-FRI' }), 'accepted');
  assert.equal(
    await cron({ timeZone: 'Mars/Olympus' }),
    'spec.timeZone: Invalid value: "Mars/Olympus": unknown time zone Mars/Olympus',
  );
  assert.equal(
    await cron({ concurrencyPolicy: 'Queue' }),
    'spec.concurrencyPolicy: Unsupported value: "Queue": supported values: "Allow", "Forbid", "Replace"',
  );
});
