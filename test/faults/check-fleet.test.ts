import { describe, expect, it } from 'vitest';
import type { FleetEvent } from '../../src/core/events.ts';
import { withMarker } from '../../src/core/render/marker.ts';
import { checkFleet, countExtras, type FleetFacts, isGivenUp } from './check-fleet.ts';

const bot = { login: 'flotilla[bot]', type: 'Bot' };
const mona = { login: 'mona', type: 'User' };
const events: FleetEvent[] = [
  { type: 'fleet_planned', v: 1, by: 'mona', targets: 1, leftOut: 0 },
  { type: 'task_started', v: 1, taskId: 't', attempt: 1 },
  { type: 'task_completed', v: 1, taskId: 't', outcome: 'changed', pullRequest: 1 },
  { type: 'fleet_ended', v: 1, status: 'completed' },
];
const effect = (id: string, key: string, kind: string) =>
  ({ id, key, kind, fleet_id: 'f-1', state: 'done', error: null, request: '{}' }) as const;
const text = (id: string, body = 'said') => withMarker(body, id);
const EXTRA = '_Made twice by mistake; [the other one](https://example.com) counts._';

/** A fleet over one repository that left everything once. */
const whole: FleetFacts = {
  id: 'f-1',
  version: 3,
  eventSeq: events.length,
  reportedSeq: events.length,
  ended: true,
  issueNumber: 2,
  events: events.map((event, index) => ({ fleetId: 'f-1', seq: index + 1, at: 0, event })),
  tasks: [
    {
      id: 't',
      repository: 'acme/shop',
      status: 'completed',
      outcome: 'changed',
      attempt: 1,
      category: null,
      reason: null,
      pullRequest: { number: 1 },
      warnings: [],
    },
  ],
  effects: [
    effect('e-1', 'issue:f-1', 'issue'),
    effect('e-2', 'reply:d-1', 'comment'),
    effect('e-3', 'final:f-1', 'comment'),
    effect('e-4', 'pull_request:t:1:abc', 'pull_request'),
  ],
  deliveries: [{ id: 'd-1', comment_id: 9, answer: 'started' }],
  repositories: [
    {
      name: 'shop',
      expected: 'changed',
      earlierPull: false,
      pulls: [
        {
          number: 1,
          state: 'open',
          head: { ref: 'fleet/push-3', sha: 'abc' },
          labels: [{ name: 'maintenance' }],
          assignees: [mona],
          requested_reviewers: [],
        },
      ],
      orphans: [],
      written: '3\n',
      pushed: ['abc'],
    },
  ],
  issues: [{ number: 2, state: 'closed', body: text('e-1'), user: bot, created_at: 0 }],
  comments: [
    { id: 20, body: text('e-2'), user: bot, created_at: 0 },
    { id: 21, body: text('e-3'), user: bot, created_at: 0 },
  ],
  reactions: ['eyes', 'rocket'],
  lateLists: false,
  details: { labels: ['maintenance'], assignees: ['mona'], reviewers: [] },
};
const [shop] = whole.repositories;
const [task] = whole.tasks;
if (shop === undefined || task === undefined) throw new Error('The fleet has no repository.');
const [pull] = shop.pulls;
if (pull === undefined) throw new Error('The repository has no pull request.');
const inShop = (change: Partial<typeof shop>): Partial<FleetFacts> => ({ repositories: [{ ...shop, ...change }] });

it('finds nothing where everything is there once', () => {
  expect(checkFleet(whole)).toEqual([]);
});

describe('it tells', () => {
  it.each<[string, Partial<FleetFacts>, string]>([
    [
      'a second tracking issue',
      { issues: [...whole.issues, { number: 3, state: 'open', body: text('e-1'), user: bot, created_at: 0 }] },
      'issue of issue:f-1: one expected, found issue #2, issue #3',
    ],
    ['no tracking issue', { issues: [] }, 'issue of issue:f-1: one expected, found none'],
    [
      'a second final comment',
      { comments: [...whole.comments, { id: 22, body: text('e-3'), user: bot, created_at: 0 }] },
      'comment of final:f-1: one expected, found comment 21, comment 22',
    ],
    [
      'a text that no effect made',
      { comments: [...whole.comments, { id: 22, body: text('e-9'), user: bot, created_at: 0 }] },
      'comment 22 was made by no effect (e-9)',
    ],
    [
      'a command without a reply',
      { effects: whole.effects.filter(({ key }) => key !== 'reply:d-1') },
      'replies to delivery d-1: 1 expected, 0 found',
    ],
    [
      'an end without its comment',
      { effects: whole.effects.filter(({ key }) => key !== 'final:f-1') },
      'final comments: 1 expected, 0 found',
    ],
    ['a missing reaction', { reactions: ['eyes'] }, 'reactions rocket on the command: 1 expected, 0 found'],
    [
      'an effect that is not settled',
      {
        effects: [...whole.effects, { ...effect('e-5', 'labels:t:1', 'labels'), state: 'unknown', error: 'no answer' }],
      },
      'effect labels:t:1 is unknown: no answer',
    ],
    [
      'a second pull request',
      inShop({ pulls: [pull, { ...pull, number: 2 }] }),
      'shop: one pull request expected, 2 found',
    ],
    ['no pull request', inShop({ pulls: [] }), 'shop: one pull request expected, 0 found'],
    [
      'a closed pull request',
      inShop({ pulls: [{ ...pull, state: 'closed' }] }),
      'shop: pull request #1 is closed, open expected',
    ],
    ['another pull request', inShop({ pulls: [{ ...pull, number: 2 }] }), 'shop: the task names pull request #1'],
    [
      'a branch without a pull request',
      inShop({ orphans: ['fleet/push-2'] }),
      'shop: the branch fleet/push-2 has no pull request',
    ],
    ['a push that is not recorded', inShop({ pushed: [] }), 'shop: abc is not recorded as pushed'],
    ['other work', inShop({ written: '2\n' }), 'shop: 3 expected in VERSION, found "2\\n"'],
    ['missing labels', inShop({ pulls: [{ ...pull, labels: [] }] }), 'shop: labels maintenance expected, none found'],
    [
      'an end that was not expected',
      { tasks: [{ ...task, outcome: 'unchanged', pullRequest: null }] },
      'shop: changed expected, the task is unchanged (no reason)',
    ],
    [
      'an undo that closed nothing',
      inShop({ expected: 'undone', written: null }),
      'shop: pull request #1 is open, closed expected',
    ],
    [
      'an undo that left the branch',
      inShop({ expected: 'undone' }),
      'shop: the branch of what was undone is still there',
    ],
    [
      'a warning',
      { tasks: [{ ...task, warnings: ['GitHub refused the labels'] }] },
      'shop: warnings: GitHub refused the labels',
    ],
    ['what is not told', { reportedSeq: 3 }, 'of 4 events 3 are told'],
    ['a fleet that goes on', { ended: false }, 'the fleet did not end'],
    ['a broken log', { events: whole.events.slice(1) }, '3 events are kept of 4'],
  ])('%s', (_, change, fault) => {
    expect(checkFleet({ ...whole, ...change })).toContain(fault);
  });
});

describe('where GitHub refuses the pull request', () => {
  const reason = 'The pull request could not be made: Validation Failed. The branch was taken back.';
  const failed = {
    ...task,
    status: 'failed' as const,
    outcome: null,
    pullRequest: null,
    category: 'pull_request' as const,
  };
  const refusal = { ...effect('e-4', 'pull_request:t:1:abc', 'pull_request'), state: 'refused', error: 'a rule' };
  const log: FleetEvent[] = [
    ...events.slice(0, 2),
    { type: 'task_failed', v: 1, taskId: 't', category: 'pull_request' },
    { type: 'fleet_ended', v: 1, status: 'failed' },
  ];
  const refused: FleetFacts = {
    ...whole,
    ...inShop({ expected: 'refused', pulls: [], written: null }),
    tasks: [{ ...failed, reason }],
    effects: [...whole.effects.slice(0, 3), refusal],
    events: log.map((event, index) => ({ fleetId: 'f-1', seq: index + 1, at: 0, event })),
  };

  it('finds nothing where its branch was taken back', () => {
    expect(checkFleet(refused)).toEqual([]);
  });

  it.each<[string, Partial<FleetFacts>, string]>([
    [
      'a branch that stayed',
      inShop({ expected: 'refused', pulls: [], orphans: ['fleet/push-3'] }),
      'shop: the branch fleet/push-3 has no pull request',
    ],
    [
      'a task that says that it did',
      { tasks: [{ ...failed, reason: reason.replace('was taken back', 'fleet/push-3 was left as it is') }] },
      'shop: its branch was to be taken back, the task says: The pull request could not be made: Validation Failed. The branch fleet/push-3 was left as it is.',
    ],
    ['one that was taken', { effects: whole.effects }, 'effect pull_request:t:1:abc is done: no error'],
  ])('tells %s', (_, change, fault) => {
    expect(checkFleet({ ...refused, ...change })).toContain(fault);
  });
});

it('lets a task be given up that lost its process five times, and only then', () => {
  const lost = { ...task, status: 'failed' as const, outcome: null, category: 'too_large' as const, pullRequest: null };
  const crash = {
    type: 'task_requeued' as const,
    v: 1 as const,
    taskId: 't',
    reason: 'The process that worked on it ended.',
  };
  const crashes = (count: number) =>
    Array.from({ length: count }, (_, seq) => ({ fleetId: 'f-1', seq, at: 0, event: crash }));
  expect(isGivenUp(lost, crashes(4))).toBe(true);
  expect(isGivenUp(lost, crashes(3))).toBe(false);
  expect(isGivenUp({ ...lost, category: 'command' }, crashes(4))).toBe(false);
  const faults = checkFleet({
    ...whole,
    ...inShop({ pulls: [], orphans: ['fleet/push-3'] }),
    tasks: [lost],
    events: [],
  });
  expect(faults).toContain('shop: changed expected, the task is failed (no reason)');
  expect(faults).toContain('shop: the branch fleet/push-3 has no pull request');
});

it('lets an extra be that the app closed itself, and counts it', () => {
  const closed = { number: 3, state: 'closed', body: text('e-1', EXTRA), user: bot, created_at: 0 };
  expect(checkFleet({ ...whole, issues: [...whole.issues, closed] })).toEqual([]);
  expect(countExtras({ ...whole, issues: [...whole.issues, closed] })).toBe(1);
  const extra = (change: Partial<typeof closed>) =>
    checkFleet({ ...whole, issues: [...whole.issues, { ...closed, ...change }] });
  expect(extra({ created_at: 1_000 })).toEqual([]);
  expect(extra({ state: 'open' })).toEqual(['issue #3 was made twice and is open']);
  expect(extra({ created_at: 2_000 })).toEqual([
    'issue #3 and issue #2 were made 2 s apart, and looks between found nothing',
  ]);
});

it('lets an extra comment be that the app deleted itself, and counts it', () => {
  const deleted = (createdAt: number) => ({
    ...whole,
    effects: [
      ...whole.effects,
      {
        ...effect('e-6', 'extra:e-2:19', 'comment_deletion'),
        request: JSON.stringify({ kind: 'comment_deletion', commentId: 19, number: 1, createdAt }),
      },
    ],
  });
  expect(checkFleet(deleted(-1_000))).toEqual([]);
  expect(countExtras(deleted(-1_000))).toBe(1);
  expect(checkFleet(deleted(-2_000))).toEqual([
    'comment 19 and comment 20 were made 2 s apart, and looks between found nothing',
  ]);
  // A look at a list that is late can find nothing.
  expect(checkFleet({ ...deleted(-2_000), lateLists: true })).toEqual([]);
});
