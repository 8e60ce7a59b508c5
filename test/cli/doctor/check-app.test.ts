import { expect, test } from 'vitest';
import { checkApp } from '../../../src/cli/doctor/check-app.ts';
import type { AppInstallation, AppRegistration } from '../../../src/ports/github-app.ts';

const WEB = 'https://github.example';
const asked = { permissions: { metadata: 'read', contents: 'write' }, events: ['issues'] };
const app = { slug: 'flotilla', ...asked };
const at = (account: string, more: Partial<AppInstallation> = {}): AppInstallation => ({
  account,
  suspended: false,
  url: `${WEB}/organizations/${account}/settings/installations/1`,
  ...asked,
  ...more,
});
const told = (...parameters: [AppRegistration, AppInstallation[]]) =>
  checkApp(asked, ...parameters, WEB).map(({ state, what, remedy }) => [state, what, remedy]);

test('an app that has what app.yml asks for, everywhere, is in order', () => {
  expect(told(app, [at('acme'), at('globex')])).toEqual([
    ['ok', 'The app flotilla has the permissions and events of app.yml.', null],
    ['ok', 'In order where it is installed: acme, globex.', null],
  ]);
});

test('what the app lacks is named with the level that it has', () => {
  const poor = { ...app, permissions: { metadata: 'read', contents: 'read' }, events: [] };
  const [[state, what, remedy] = []] = told(poor, [at('acme')]);
  expect([state, what]).toEqual(['fault', 'The app flotilla lacks contents: write (it has read), event issues.']);
  expect(remedy).toContain('has to accept it');
});

test('more than app.yml asks for is warned of, but for workflows, which an operator may choose', () => {
  const rich = { ...app, permissions: { ...asked.permissions, workflows: 'write', administration: 'write' } };
  expect(told(rich, [at('acme', rich)])[0]).toEqual([
    'warning',
    'The app flotilla has more than Flotilla uses: administration: write.',
    expect.stringContaining('Take it away'),
  ]);
});

test('an account that has not accepted new permissions is told apart from an app that does not ask', () => {
  const old = { permissions: { metadata: 'read' }, events: [] };
  expect(told(app, [at('acme', old), at('globex')]).slice(1)).toEqual([
    ['ok', 'In order where it is installed: globex.', null],
    [
      'fault',
      'acme has not accepted what the app asks for: it lacks contents: write, event issues.',
      `An owner accepts new permissions at ${WEB}/organizations/acme/settings/installations/1`,
    ],
  ]);
  expect(told({ ...app, ...old }, [at('acme', old)])[1]?.[1]).toContain('acme grants less than Flotilla needs');
});

test('a suspended installation is a warning, no installation a fault, and a thousand stay a few lines', () => {
  expect(told(app, [at('acme', { suspended: true })])[1]).toEqual([
    'warning',
    'acme suspended the app: nothing happens there.',
    expect.stringContaining('unsuspend'),
  ]);
  expect(told(app, [])[1]).toEqual([
    'fault',
    'The app flotilla is installed nowhere.',
    `Install it on the organization: ${WEB}/apps/flotilla`,
  ]);
  const many = Array.from({ length: 1000 }, (_, index) => at(`org-${index}`, { events: [] }));
  expect(told(app, many)).toHaveLength(12);
});
