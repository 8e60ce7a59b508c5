import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fleetCommand } from '../cli/fleet-command.ts';
import { toldAgent } from './told-agents.ts';
import { services, workflowFiles } from './workflows.ts';
import { openWorld } from './world.ts';

const WORKFLOW = `
name: mend
description: Mends what is broken.
services: [{ tag: app }]
nodes:
  - { id: look, bash: 'echo broken; exit 3', continue_on_error: true }
  - id: repair
    prompt: |
      write FIXED = yes
      cost 0.42
      answer Done. Fixes #1, thanks @octocat. ghp_abcdefghijklmnopqrstuvwxyz0123456789
      \`\`\`
      {{nodes.look.output}}
    depends_on: [look]
  - id: test
    bash: |
      [ -e .again ] || { touch .again; echo first try; exit 1; }
      echo '# tests 12 @team/x <!-- flotilla:1 -->'
    depends_on: [repair]
    retry: { max_attempts: 2, delay: 1s, on_error: all }
`;

async function mended(visibility: 'private' | 'public' = 'private') {
  const { prompts: _, ...agents } = toldAgent();
  const [one] = services('one');
  if (one === undefined) throw new Error('There is no service.');
  const world = await openWorld({
    ...agents,
    platform: { files: workflowFiles({ mend: WORKFLOW }), visibility: 'private' },
    repositories: [{ ...one, visibility }],
  });
  await world.comment('mona', '/fleet mend');
  const [task] = await world.tasks();
  const [pull] = await world.pulls('one');
  if (task === undefined) throw new Error('There is no task.');
  return { world, task, body: pull?.body ?? '', data: join(world.folder, 'data') };
}

describe('a pull request that an agent worked on', () => {
  it('says what ran with which agent, what tests said after it, what it cost, and what the agent did', async () => {
    const { world, task, body } = await mended();
    expect(task).toMatchObject({ status: 'completed', outcome: 'changed' });
    const fleet = await world.fleet();
    const shown = body
      .replaceAll(task.id, 't-TASK')
      .replaceAll(fleet.id, 'f-FLEET')
      .replaceAll(world.url, 'https://github.example')
      .replace(/effect=e-\w+/, 'effect=e-EFFECT');
    await expect(shown).toMatchFileSnapshot('snapshots/evidence.txt');
  });

  it('tells none of it where more people can read it than the control repository', async () => {
    const { task, body } = await mended('public');
    expect(task).toMatchObject({ status: 'completed', outcome: 'changed' });
    expect(body).toContain('Mends what is broken.');
    expect(body).not.toMatch(/repair|tests 12|FIXED|\$|t-[a-z2-7]{12}/);
  });
});

describe('fleet logs', () => {
  it('prints what ran and what the agent did while the server runs, each try by itself and without secrets', async () => {
    const { world, task, data } = await mended();
    const { stdout, exitCode } = await fleetCommand('logs', task.id, '--data', data);
    expect(exitCode).toBe(0);
    expect(stdout.replaceAll(task.id, 't-TASK').replaceAll((await world.fleet()).id, 'f-FLEET')).toMatch(
      /^t-TASK {2}acme\/one {2}completed, changed\nfleet f-FLEET, attempt 1\npull request http:.*\nworkspace removed, as `keep_workspaces`/,
    );
    expect(stdout).toContain('── look · bash · failed with status 3 · 0 s ──\nIt ended with status 3.\nbroken\n');
    expect(stdout).toMatch(/── repair · prompt · completed · .*\$0\.42 ──\nprompt:\n {2}write FIXED = yes\n/);
    expect(stdout).toContain('agent:\n  Done. Fixes #1, thanks @octocat. ***\nstopped: end_turn\n');
    expect(stdout).toContain('first try\n─ try 2\n# tests 12 @team/x <!-- flotilla:1 -->');
    expect(stdout).not.toContain('ghp_');
  });

  it('takes a fleet and a repository, one node, and gives JSON and the files as they are', async () => {
    const { world, task, data } = await mended();
    const { id } = await world.fleet();
    const json = await fleetCommand('logs', id, 'one', '--node', 'test', '--json', '--data', data);
    expect(JSON.parse(json.stdout)).toMatchObject({
      task: { id: task.id, repository: 'acme/one', status: 'completed', attempt: 1 },
      nodes: [{ id: 'test', status: 'completed', exitCode: 0, files: [{ try: 1, text: 'first try\n' }, { try: 2 }] }],
    });
    const raw = await fleetCommand('logs', task.id, '--node', 'repair', '--raw', '--data', data);
    expect(raw.stdout.split('\n').map((line) => JSON.parse(line).kind)).toEqual(
      expect.arrayContaining(['prompt', 'update', 'stop']),
    );
  });

  it('says what there is where it does not find what it was asked for', async () => {
    const { world, task, data } = await mended();
    const { id } = await world.fleet();
    const ask = async (...words: string[]) => {
      const { exitCode, stderr, stdout } = await fleetCommand('logs', ...words, '--data', data);
      expect([exitCode, stdout]).toEqual([1, '']);
      return stderr;
    };
    expect(
      await Promise.all([
        ask(`${task.id.slice(0, -1)}9`),
        ask(),
        ask(id, 'acme/on'),
        ask(task.id, '--node', 'tset'),
        ask(task.id, '--attempt', '2'),
      ]),
    ).toEqual([
      expect.stringContaining(`Did you mean ${task.id}?`),
      expect.stringContaining(`  ${id}  2026-05-04T09:00Z  mend in acme/platform`),
      expect.stringContaining('Did you mean acme/one?'),
      expect.stringContaining('Did you mean test?'),
      expect.stringContaining('It has 1.'),
    ]);
    const elsewhere = await fleetCommand('logs', task.id, '--data', join(data, 'workspaces'));
    expect([elsewhere.exitCode, elsewhere.stderr]).toEqual([1, expect.stringContaining('FLEET_DATA_DIR')]);
  });

  it('has the end of each output where the files are gone, and works without the server', async () => {
    const { world, task, data } = await mended();
    await world.crash();
    rmSync(join(data, 'logs'), { recursive: true });
    const { stdout } = await fleetCommand('logs', task.id, '--node', 'look', '--data', data);
    expect(stdout).toContain('(Its log is gone: logs go 30 days after their task has ended');
    expect(stdout).toContain('\nbroken');
    await world.restart();
  });
});
