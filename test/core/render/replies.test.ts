import { describe, expect, test } from 'vitest';
import { Refusal } from '../../../src/core/refusals.ts';
import { renderFaults } from '../../../src/core/render/faults.ts';
import {
  alreadyRunningReply,
  cancelledReply,
  helpReply,
  listReply,
  openedReply,
  pausedReply,
  plannedReply,
  refusalReply,
  resumedReply,
  retriedReply,
  startedReply,
  statusReply,
} from '../../../src/core/render/replies.ts';
import { NOON, partialFleet, plan } from './sample-fleet.ts';

const named = { id: 'f-k3m5n2qa', issueUrl: 'https://github.com/acme/platform/issues/14' };
const eight = plan(Array.from({ length: 8 }, (_, index) => `s${index}`));

describe('replies', () => {
  test('a started fleet is linked', () => {
    const reply = startedReply({ ...named, plan: eight });
    expect(reply).toContain('[f-k3m5n2qa](https://github.com/acme/platform/issues/14) runs in 8 repositories');
  });

  test('a plan says how and until when it is approved', () => {
    const reply = plannedReply({ ...named, plan: eight, expiresAt: NOON });
    expect(reply).toContain('`/fleet approve f-k3m5n2qa` runs exactly this plan until 2026-03-04 12:00 UTC');
    expect(reply).toContain('`/fleet cancel f-k3m5n2qa`');
  });

  test('a key that has a fleet already is told which', () => {
    expect(alreadyRunningReply({ ...named, status: 'running' })).toContain('[f-k3m5n2qa](');
    expect(alreadyRunningReply({ ...named, status: 'planned' })).toContain('/fleet approve f-k3m5n2qa');
    expect(alreadyRunningReply({ ...named, issueUrl: null, status: 'running' })).toContain('`f-k3m5n2qa`');
  });

  test('a cancel says what still runs', () => {
    expect(cancelledReply({ ...named, publishing: 0, stopping: 0 })).toContain('Nothing of it runs');
    const reply = cancelledReply({ ...named, publishing: 2, stopping: 1 });
    expect(reply).toContain('In 2 repositories the push has begun');
    expect(reply).toContain('In 1 repository the work is being stopped');
  });

  test('a pause says what is finished, how it goes on and how it ends', () => {
    const reply = pausedReply({ ...named, running: 2, publishing: 1 });
    expect(reply).toContain('In 2 repositories the node that runs is finished, and nothing is pushed.');
    expect(reply).toContain('In 1 repository the push has begun');
    expect(reply).toContain('`/fleet resume f-k3m5n2qa` goes on; after 7 days the rest is cancelled.');
    expect(pausedReply({ ...named, running: 0, publishing: 0 })).toContain('Nothing of it runs any more.');
  });

  test('what goes on says what still holds it', () => {
    expect(resumedReply({ ...named, held: null })).toMatch(/goes on where it was paused\.$/);
    expect(resumedReply({ ...named, held: 'wave' })).toContain('The next wave waits for `/fleet approve`');
    expect(openedReply({ ...named, wave: null, left: 2, questions: 0, paused: true })).toContain('`/fleet resume`');
    const retried = { ...named, repositories: ['acme/a'] };
    expect(retriedReply({ ...retried, held: null })).toMatch(/in 1 repository: acme\/a\.$/);
    expect(retriedReply({ ...retried, held: 'paused' })).toContain('It is paused: `/fleet resume` goes on');
  });

  test('a retry of hundreds names the first ones', () => {
    const repositories = Array.from({ length: 300 }, (_, index) => `acme/s${index}`);
    expect(retriedReply({ ...named, repositories, held: null })).toContain('acme/s19 and 280 more.');
  });

  test('a status has the bar and the counts', () => {
    const { tasks } = partialFleet();
    const reply = statusReply({ ...named, workflow: 'bump-shared-lib', status: 'partial', tasks });
    expect(reply).toContain('🟩🟩🟩🟩🟩🟩🟩🟥\n6 pull requests · 1 unchanged · 1 failed');
  });

  test('a refusal says what is wrong and what to do', () => {
    const reply = refusalReply(
      new Refusal('unknown_workflow', '`bmp` is no workflow here.', '`/fleet list` shows all.'),
    );
    expect(reply).toBe(
      '❌ **There is no such workflow.** `bmp` is no workflow here.\n\n**What to do:** `/fleet list` shows all.',
    );
  });

  test('a list names inputs and where each workflow comes from', () => {
    const inputs = [
      { name: 'version', required: true },
      { name: 'note', required: false },
    ];
    const reply = listReply([{ name: 'bump', description: 'Bumps @acme/x', origin: 'bundled:bump.yml', inputs }]);
    expect(reply).toContain('- `/fleet bump version=… [note=…]` Bumps @\u200bacme/x (`bundled:bump.yml`)');
    expect(listReply([])).toContain('no workflow yet');
  });

  test('help shows every verb of this version', () => {
    for (const word of ['plan', 'approve', 'cancel', 'status', 'list', 'help', '--again', '--parallel']) {
      expect(helpReply()).toContain(word);
    }
  });
});

test('faults show the place, the line around it and what to do', () => {
  const text = 'name: x\nnodes:\n  - id: a\n    bsh: npm test\n    timeout: 1m\n';
  const fault = {
    file: '.github/fleet/x.yml',
    line: 4,
    column: 5,
    code: 'unknown_key',
    message: 'Unknown key `bsh`.',
    hint: 'Did you mean `bash`?',
  };
  expect(renderFaults([fault], text)).toBe(
    [
      '**`.github/fleet/x.yml:4:5`** Unknown key `bsh`. Did you mean `bash`?',
      '',
      '```text',
      '  3 |   - id: a',
      '> 4 |     bsh: npm test',
      '    |     ^',
      '  5 |     timeout: 1m',
      '```',
    ].join('\n'),
  );
});

test('a fault outside of the file needs no frame, and many are counted', () => {
  const fault = { file: 'x.yml', line: 99, column: 1, code: 'c', message: 'm', hint: '' };
  const text = renderFaults(
    Array.from({ length: 12 }, () => fault),
    'a: 1',
  );
  expect(text).not.toContain('```');
  expect(text).toContain('… and 2 more faults.');
});
