import { describe, expect, it } from 'vitest';
import { checkDeliveries, checkHook } from '../../../src/cli/doctor/check-webhook.ts';

const right = {
  url: 'https://fleet.example/api/github/webhooks',
  contentType: 'json',
  verifiesCertificate: true,
  hasSecret: true,
};
const hook = (change: Partial<typeof right>) =>
  checkHook({ ...right, ...change }).map(({ state, what }) => [state, what]);

describe('where webhooks go', () => {
  it('is in order with https, the path, JSON and a secret, also behind a path of a proxy', () => {
    expect(hook({})).toEqual([['ok', 'GitHub sends signed JSON to https://fleet.example/api/github/webhooks.']]);
    expect(hook({ url: 'https://x.example/fleet/api/github/webhooks' })[0]?.[0]).toBe('ok');
    expect(hook({ url: 'http://127.0.0.1:3000/api/github/webhooks' })[0]?.[0]).toBe('ok');
  });

  it.each([
    [{ url: '' }, 'fault', 'The app has no webhook URL.'],
    [{ url: 'http://fleet.example/api/github/webhooks' }, 'fault', 'Webhooks come over http, to http://fleet.example.'],
    [
      { url: 'https://fleet.example/' },
      'fault',
      'The webhook URL ends in /; Flotilla listens on /api/github/webhooks.',
    ],
    [{ contentType: 'form' }, 'fault', 'Webhooks come as form.'],
    [{ hasSecret: false }, 'fault', 'The webhook has no secret.'],
    [{ verifiesCertificate: false }, 'warning', 'GitHub does not look at the certificate.'],
  ])('says what is wrong: %j', (change, state, what) => {
    expect(hook(change)).toEqual([[state, what]]);
  });

  it('shows no user and password of an address', () => {
    expect(JSON.stringify(checkHook({ ...right, url: 'https://mona:hunter2@fleet.example/other' }))).not.toContain(
      'hunter2',
    );
  });
});

describe('the newest deliveries', () => {
  const delivery = (statusCode: number, status = 'OK') => ({ event: 'issues', deliveredAt: 0, statusCode, status });
  const told = (...codes: number[]) => checkDeliveries(codes.map((code) => delivery(code)))[0];

  it('are in order when all arrived, a warning when none is known or an older one did not', () => {
    expect(told(202, 200)).toMatchObject({ state: 'ok', what: 'The newest 2 deliveries arrived.' });
    expect(told()).toMatchObject({ state: 'warning' });
    expect(told(202, 502, 202)).toMatchObject({ state: 'warning', what: expect.stringContaining('1 of the last 3') });
  });

  it.each([
    [401, /WEBHOOK_SECRET/],
    [404, /proxy has no rule/],
    [413, /25 MB/],
    [502, /DNS, certificate, firewall/],
  ])('are a fault when the newest answered %i, with what that means', (code, remedy) => {
    expect(told(code, 202)).toMatchObject({ state: 'fault', remedy: expect.stringMatching(remedy) });
  });
});
