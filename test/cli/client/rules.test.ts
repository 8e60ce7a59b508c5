import { describe, expect, test } from 'vitest';
import { type Fleet, fleetAnswer } from '../../../src/cli/client/answers.ts';
import { repositoryOf } from '../../../src/cli/client/control-repository.ts';
import { loginPlace } from '../../../src/cli/client/device-flow.ts';
import { exitStatusOf, waitsForPerson } from '../../../src/cli/client/exit-status.ts';
import { fleetLines } from '../../../src/cli/client/fleet-lines.ts';
import { serverAddress } from '../../../src/cli/client/server-address.ts';

const fleet = (change: object = {}): Fleet =>
  fleetAnswer.parse({
    id: 'f-2345abcd',
    status: 'running',
    workflow: 'bump',
    inputs: {},
    branch: 'fleet/bump',
    control_repository: 'acme/platform',
    sender: { id: 1, login: 'mona' },
    run_as: { id: 1, login: 'mona' },
    door: 'api',
    tracking_issue_url: null,
    created_at: '2026-05-04T09:00:00.000Z',
    approved_at: null,
    expires_at: null,
    ended_at: null,
    superseded_by: null,
    counts: { total: 1, queued: 1, running: 0, waiting: 0, completed: 0, failed: 0, cancelled: 0, timed_out: 0 },
    pull_requests: 0,
    preview: false,
    paused: false,
    held: null,
    waits_for_disk: false,
    parallel: null,
    left_out: [],
    tasks: [],
    event_seq: 1,
    ...change,
  });

test.each([
  ['git@github.com:acme/platform.git', 'acme/platform'],
  ['github.com:acme/platform', 'acme/platform'],
  ['ssh://git@ssh.github.com:443/acme/platform.git', 'acme/platform'],
  ['https://github.com/acme/platform.git', 'acme/platform'],
  ['https://mona:secret@ghe.example.com/acme/platform/', 'acme/platform'],
  ['http://127.0.0.1:8888/acme/platform.git', 'acme/platform'],
  ['https://github.com/acme', undefined],
  ['https://gitlab.example.com/group/sub/project', undefined],
  ['/srv/git/platform.git', undefined],
  ['../platform', undefined],
  ['C:/acme/platform', undefined],
  ['file:///acme/platform', undefined],
])('the address %s of `origin` names %s', (address, name) => {
  expect(repositoryOf(address)).toBe(name);
});

test.each([
  ['https://flotilla.example.com/', 'https://flotilla.example.com'],
  ['https://example.com/flotilla/', 'https://example.com/flotilla'],
  ['http://localhost:3000', 'http://localhost:3000'],
  ['http://[::1]:3000/', 'http://[::1]:3000'],
])('%s is a server', (given, address) => {
  expect(serverAddress(given)).toBe(address);
});

describe('what a server says of its GitHub', () => {
  const challenge = (github: string, id = 'Iv23liAbCdEfGhIjKlMn') =>
    `Bearer realm="flotilla", client_id="${id}", github="${github}"`;

  test('is taken over https and on this machine', () => {
    const place = { clientId: 'Iv23liAbCdEfGhIjKlMn', github: 'https://ghe.example.com' };
    expect(loginPlace('https://f.example', challenge('https://ghe.example.com/x'))).toEqual(place);
    expect(loginPlace('https://f.example', challenge('http://127.0.0.1:8888')).github).toBe('http://127.0.0.1:8888');
  });

  test.each([
    ['nothing', null, 'does not answer as Flotilla does'],
    ['another scheme', 'Basic realm="x"', 'does not answer as Flotilla does'],
    ['no client', 'Bearer realm="flotilla"', 'offers no login'],
    ['a script for an address', challenge('javascript:alert(1)'), 'offers no login'],
    ['a client id that is none', challenge('https://github.com', 'a&scope=repo'), 'offers no login'],
    ['http to another machine', challenge('http://github.com'), 'without https'],
  ])('is refused for %s', (_, header, message) => {
    expect(() => loginPlace('https://f.example', header)).toThrow(message);
  });
});

describe('a newer server', () => {
  test('may have statuses, fields and kinds that this client does not know', () => {
    const odd = fleet({ status: 'resting', door: 'carrier_pigeon', mood: 'fine' });
    expect(exitStatusOf(odd)).toBe(5);
    expect(waitsForPerson(odd)).toBe(false);
    expect(fleetLines(odd, { colours: false })[0]).toBe('f-2345abcd  bump  resting  0/1');
  });
});

test.each([
  ['a plan', { status: 'planned' }, true],
  ['a gate', { status: 'waiting', held: { gate: 'wave', opens: 'releases wave 2' } }, true],
  ['a pause', { status: 'waiting', paused: true }, true],
  ['an end of a pause that running tasks do not wait for', { status: 'running', paused: true }, false],
  ['a turn', { status: 'waiting' }, false],
])('whoever waits for a fleet that waits for %s is told so', (_, change, expected) => {
  expect(waitsForPerson(fleet(change))).toBe(expected);
});

test("other people's text has no commands for the terminal, and colours come from here alone", () => {
  const hostile = fleet({ workflow: '\u001b[31mbump\nf-22222222  other', status: 'completed' });
  expect(fleetLines(hostile, { colours: false })[0]).toBe('f-2345abcd  bump f-22222222 other  completed  0/1');
  expect(fleetLines(hostile, { colours: true })[0]).toContain('\u001b[32mcompleted\u001b[39m');
});
