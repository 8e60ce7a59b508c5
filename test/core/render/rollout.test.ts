import { describe, expect, test } from 'vitest';
import { PAGE_LIMIT } from '../../../src/core/render/page-layout.ts';
import { openedReply, statusReply } from '../../../src/core/render/replies.ts';
import { renderTrackingIssue } from '../../../src/core/render/tracking-issue.ts';
import type { FleetView, GateView, TaskView, TrackingIssueFacts } from '../../../src/core/render/views.ts';
import type { Rollout } from '../../../src/core/workflow/types.ts';
import { approval, facts, fleet, NOON, plan, task } from './sample-fleet.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** A canary, then one, then six. */
const WAVES = [0, 1, 2, 2, 2, 2, 2, 2];

const rolled = (waves: readonly number[], change: Partial<Rollout> = {}): FleetView['plan'] => {
  const sample = plan(waves.map((_, index) => `s${index}`));
  const rollout: Rollout = {
    canary: { count: 1 },
    waves: [{ percent: 25 }, { percent: 100 }],
    haltOnFailure: { percent: 20 },
    approve: 'canary',
    after: [],
    ...change,
  };
  return {
    ...sample,
    workflow: { ...sample.workflow, rollout },
    targets: sample.targets.map((target, index) => ({ ...target, wave: waves[index] ?? 0 })),
  };
};

interface Given {
  waves?: readonly number[];
  rollout?: Partial<Rollout>;
  fleet?: Partial<FleetView>;
  /** By position; the others are queued. */
  tasks?: Readonly<Record<number, Partial<TaskView>>>;
  all?: Partial<TrackingIssueFacts>;
}

function bodyOf({ waves = WAVES, rollout = {}, fleet: given = {}, tasks = {}, all = {} }: Given): string {
  const view = facts({
    fleet: fleet({ plan: rolled(waves, rollout), ...given }),
    tasks: waves.map((wave, index) => task(`s${index}`, { wave, ...tasks[index] })),
    ...all,
  });
  return renderTrackingIssue(view).pages[0] ?? '';
}

const done: Partial<TaskView> = { status: 'completed', outcome: 'changed', endedAt: NOON };
const failed: Partial<TaskView> = { status: 'failed', category: 'command', endedAt: NOON };
const closed = (change: Partial<GateView> = {}): GateView => ({
  wave: 0,
  halt: null,
  closedAt: NOON + MINUTE,
  end: null,
  ...change,
});
const rowOf = (body: string, name: string): string | undefined =>
  body.split('\n').find((line) => line.startsWith(`| [acme/${name}]`));

describe('the waves of a fleet', () => {
  test('stand in the head while they run, with how each of them ended', () => {
    const body = bodyOf({
      fleet: { wave: 2 },
      tasks: { 0: done, 1: failed, 2: { status: 'running', startedAt: NOON }, 3: done },
    });
    expect(body).toContain('\n\nRollout: ✅ canary (1) → ❌ wave 1 (1) → 🚀 **wave 2 (6)**\n\n');
    expect(body.indexOf('Rollout:')).toBeLessThan(body.indexOf('asked for'));
  });

  test('that are not released are named in the table, and only the others have places in the queue', () => {
    const body = bodyOf({ fleet: { wave: 1 }, waves: [0, 1, 1, 2], tasks: { 0: done } });
    expect(rowOf(body, 's1')).toContain('| 🕓 queued, 1st of 2 |');
    expect(rowOf(body, 's2')).toContain('| 🕓 queued, 2nd of 2 |');
    expect(rowOf(body, 's3')).toContain('| 🕓 wave 2 |');
  });

  test('are numbered from 1 without a canary, and not spoken of where all are one', () => {
    expect(bodyOf({ rollout: { canary: null, approve: 'none' } })).toContain('🕓 wave 2 (1)');
    expect(bodyOf({ waves: [0, 0] })).not.toContain('Rollout');
  });

  test('that never came are told at the end', () => {
    const cancelled = { status: 'cancelled' } as const;
    const body = bodyOf({
      waves: [0, 1],
      fleet: { gate: 'wave', gateSince: NOON, cancelRequestedAt: NOON + MINUTE, endedAt: NOON + MINUTE },
      tasks: { 0: done, 1: cancelled },
      all: { status: 'partial', gates: [closed({ end: { kind: 'cancelled', by: 'mona', at: NOON + MINUTE } })] },
    });
    expect(body).toContain('Rollout: ✅ canary (1) → 🛑 wave 1 (1)');
    expect(body).not.toContain('/fleet approve');
    expect(body).toContain('- After the canary: **cancel** by [mona](https://github.com/mona) (2026-03-04 12:01 UTC)');
  });

  test('do not fill the head, however many there are', () => {
    const waves = Array.from({ length: 400 }, (_, index) => index);
    const body = bodyOf({ waves, fleet: { wave: 200 } });
    expect(body).toContain('Rollout: … → 🚀 wave 198 (1) →');
    expect(body.length).toBeLessThanOrEqual(PAGE_LIMIT);
  });
});

describe('a fleet that is held', () => {
  const held = { gate: 'wave', gateSince: NOON } as const;

  test('after its canary says how that ended, what each command does, and until when', () => {
    const body = bodyOf({ fleet: held, tasks: { 0: done }, all: { status: 'waiting', gates: [closed()] } });
    expect(body).toContain(
      '**The canary is done:** 1 pull request. `/fleet approve` releases wave 1 (1 repository), `/fleet reject` cancels the rest (7 repositories); it is cancelled by itself on 2026-03-11 12:00 UTC.',
    );
    const next = body.split('### What you can do now')[1] ?? '';
    expect(next).toContain('- `/fleet approve` releases wave 1 (1 repository).');
    expect(next).toContain('- `/fleet reject` or `/fleet cancel` ends it');
  });

  test('because too many failed says how many of what, and what still runs', () => {
    const gates = [closed({ wave: 2, halt: { failed: 2, of: 6 } })];
    const body = bodyOf({
      fleet: { ...held, gate: 'halted', wave: 2 },
      tasks: { 0: done, 1: done, 2: failed, 3: failed, 4: { status: 'running', startedAt: NOON } },
      all: { gates },
    });
    expect(body).toContain(
      '**Halted:** 2 of 6 repositories of wave 2 failed (`halt_on_failure: 20%`). What runs is finished. `/fleet approve` goes on where it was halted, `/fleet reject` cancels the rest (3 repositories);',
    );
    expect(rowOf(body, 's5')).toContain('| 🕓 held |');
    expect(body).toContain('⏸️ **wave 2 (6)**');
  });

  test('a second time counts what failed since, in the whole fleet', () => {
    const opened = { kind: 'opened', by: 'mona', at: NOON + 2 * MINUTE } as const;
    const gates = [
      closed({ halt: { failed: 1, of: 1 }, end: opened }),
      closed({ wave: 2, halt: { failed: 2, of: 8 }, closedAt: NOON + 9 * MINUTE }),
    ];
    const body = bodyOf({
      rollout: { haltOnFailure: { count: 2 } },
      fleet: { ...held, gate: 'halted', wave: 2 },
      tasks: { 0: failed, 1: failed, 2: failed, 3: done },
      all: { status: 'waiting', gates },
    });
    expect(body).toContain('**Halted:** 2 of 8 repositories failed since it went on (`halt_on_failure: 2`).');
    expect(body).toContain(
      '### Decisions (1)\n\n- Halted, as 1 of 1 repository of the canary failed: **approve** by [mona]',
    );
  });

  test('names the nodes in the commands for the questions that wait too', () => {
    const body = bodyOf({
      fleet: { ...held, gate: 'halted' },
      waves: [0, 0, 0],
      tasks: { 0: failed, 1: { status: 'waiting' } },
      all: { status: 'waiting', approvals: [approval('s1')], gates: [closed({ halt: { failed: 1, of: 3 } })] },
    });
    expect(body).toContain('**Halted:** 1 of 3 repositories failed (');
    expect(body).toContain('- `/fleet approve node=gate`');
    expect(body).not.toContain('- `/fleet approve`\n');
    expect(body).toContain('- `/fleet approve node=gate`, `/fleet reject node=gate` decide what waits.');
  });

  test('says nothing of it once it is being cancelled, and at the end that nobody came', () => {
    const cancelling = bodyOf({ fleet: { ...held, cancelRequestedAt: NOON + MINUTE }, tasks: { 0: done } });
    expect(cancelling).not.toContain('/fleet approve');
    const over = { cancelRequestedAt: NOON + 7 * DAY, endedAt: NOON + 7 * DAY };
    const expired = closed({ end: { kind: 'expired', at: NOON + 7 * DAY } });
    const body = bodyOf({
      waves: [0],
      fleet: { ...held, ...over },
      tasks: { 0: done },
      all: { status: 'partial', gates: [expired] },
    });
    expect(body).toContain('Nobody let it go on within 7 days, so the rest was cancelled.');
    expect(body).toContain('nobody let it go on in time (2026-03-11 12:00 UTC)');
  });
});

test('a plan shows its waves, what holds them, the order, and the wave of each repository', () => {
  const after = [{ tag: ['role:library'], names: [], match: [], not: { tag: [], names: [], match: [] } }];
  const body = bodyOf({ rollout: { after }, fleet: { approvedAt: null }, all: { status: 'planned' } });
  expect(body).toContain(
    [
      '- In 3 waves: canary 1, then 1, then 6.',
      '- Waits for approval after the canary.',
      '- Halts when 20% of a wave or of all have failed.',
      '- Order: `tag: role:library`, then the others.',
    ].join('\n'),
  );
  expect(body).toContain('| 1 | [acme/s0](https://github.com/acme/s0) | private | canary |');
  expect(body).toContain('| 3 | [acme/s2](https://github.com/acme/s2) | private | wave 2 |');
  expect(body).not.toContain('Rollout:');
});

test('a plan says that a canary of all holds nothing', () => {
  const planned = { fleet: { approvedAt: null }, all: { status: 'planned' } } as const;
  const told = 'The canary is all of them: nothing waits for how it ends.';
  expect(bodyOf({ ...planned, waves: [0, 0] })).toContain(told);
  expect(bodyOf({ ...planned, waves: [0, 0], rollout: { canary: null } })).not.toContain(told);
  expect(bodyOf(planned)).not.toContain(told);
});

test('the replies say with what a fleet goes on, what else waits, and why it is held', () => {
  const named = { id: 'f-k3m5n2qa', issueUrl: null };
  expect(openedReply({ ...named, wave: { name: 'wave 2', targets: 6 }, left: 6, questions: 0, paused: false })).toBe(
    '✅ Fleet `f-k3m5n2qa` goes on with wave 2 (6 repositories).',
  );
  expect(openedReply({ ...named, wave: null, left: 2, questions: 1, paused: false })).toBe(
    '✅ Fleet `f-k3m5n2qa` goes on where it was halted. 1 question of its nodes waits too: to answer, give the command again.',
  );
  expect(openedReply({ ...named, wave: null, left: 0, questions: 0, paused: false })).toContain(
    'nothing is left to run',
  );
  const status = { ...named, workflow: 'bump', status: 'waiting', tasks: [task('s0')] } as const;
  expect(statusReply({ ...status, held: 'halted' })).toContain('too many failed: `/fleet approve` goes on');
  expect(statusReply({ ...status, held: null })).not.toContain('/fleet approve');
});
