import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseOperatorSettings } from '../../src/core/settings/parse-settings.ts';
import { resolveAgents } from '../../src/operator.ts';
import { createAgents } from '../../src/platform/agent/create-agents.ts';
import type { AgentRequest } from '../../src/ports/agent.ts';
import type { Mount } from '../../src/ports/sandbox.ts';
import type { ConfiguredAgent } from '../../src/worker/context.ts';
import { boxedWith } from '../sandboxes.ts';
import { services, workflowFiles } from '../story/workflows.ts';
import { openWorld } from '../story/world.ts';
import { openFakeModel, type Step } from './fake-model.ts';
import { noRealAgents, REAL_AGENTS, type RealAgent } from './real-agents.ts';

const KEY = 'sk-the-operators-secret-key-of-this-test';
process.env.MODEL_KEY = KEY;

if (noRealAgents !== null && process.env.FLEET_TEST_REQUIRE === '1') throw new Error(noRealAgents);

const WORKFLOW = `name: go
services: [{ tag: app }]
nodes:
  - { id: edit, prompt: Set VERSION to 2.0. }
  - { id: test, bash: 'test "$(cat VERSION)" = 2.0', depends_on: [edit] }
`;

/** The agent as the operator's file has it, whose model follows these steps. */
async function givenAgent(agent: RealAgent, steps: readonly Step[]) {
  const model = await openFakeModel(steps, KEY);
  onTestFinished(model.close);
  const settings = `keep_workspaces: all\nagents:\n  ${agent.name}:${agent.settings(model.url)}`;
  const parsed = parseOperatorSettings(settings, 'operator.yml');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  const agents = resolveAgents(parsed.value);
  const configured = agents[agent.name];
  if (configured === undefined) throw new Error('The agent is not configured.');
  return { model, settings, agents, configured };
}

/** One session in a folder of its own, without the app. */
function givenSession(configured: ConfiguredAgent, changes: Partial<AgentRequest> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-real-agent-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [cwd, home] = [join(folder, 'tree'), join(folder, 'home')];
  for (const path of [cwd, home]) mkdirSync(path);
  const mounts: Mount[] = [
    ...configured.read.map((path) => ({ path, access: 'read' as const })),
    ...[home, cwd].map((path) => ({ path, access: 'write' as const })),
  ];
  const silent = () => undefined;
  const log = { debug: silent, info: silent, warn: silent, error: silent };
  const run = createAgents({ log, sandbox: boxedWith({}), version: '1.0.0' }).run({
    ...configured,
    cwd,
    env: { PATH: `${dirname(process.execPath)}:/usr/bin:/bin`, HOME: home, TMPDIR: home, LANG: 'C.UTF-8', CI: 'true' },
    box: { mounts, hosts: configured.hosts, modelApi: configured.modelApi },
    prompt: 'Do it.',
    timeoutMs: 120_000,
    idleTimeoutMs: 120_000,
    signal: new AbortController().signal,
    mayCost: () => true,
    transcriptFile: join(folder, 'transcript'),
    pidsFile: join(folder, 'pids'),
    secrets: [KEY],
    ...changes,
  });
  return { folder, cwd, run };
}

/** Processes of this machine, those in boxes too, that work in the folder or name it. */
function processesIn(folder: string): string[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  return pids.filter((pid) => {
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      return words.includes(folder) || readlinkSync(`/proc/${pid}/cwd`).startsWith(folder);
    } catch {
      // It ended in between.
      return false;
    }
  });
}

/** Files below the folder that hold the text, also databases. */
function filesWith(folder: string, text: string): string[] {
  try {
    return execFileSync('grep', ['-rlaF', '--', text, folder], { encoding: 'utf8' }).trim().split('\n');
  } catch {
    return [];
  }
}

describe.skipIf(noRealAgents !== null).each(REAL_AGENTS)(
  `$name${noRealAgents === null ? '' : ` (skipped: ${noRealAgents})`}`,
  (agent) => {
    const edit = [agent.tools.write('VERSION', '2.0\n'), agent.tools.run('cat VERSION'), { say: 'VERSION is 2.0.' }];

    it('edits a repository in a box that reaches its model alone, and its change becomes a pull request', async () => {
      const { model, settings, agents } = await givenAgent(agent, edit);
      const world = await openWorld({
        settings,
        agents,
        sandbox: boxedWith({}),
        platform: { files: workflowFiles({ go: WORKFLOW }) },
        repositories: services('one'),
      });
      await world.comment('mona', '/fleet go');
      const [task] = await world.tasks();
      expect(task, task?.reason ?? '').toMatchObject({ status: 'completed', outcome: 'changed' });
      expect(await world.pulls('one')).toHaveLength(1);
      expect(await world.file('one', 'VERSION', 'fleet/go')).toBe('2.0\n');

      const [node] = await world.store.read.nodes.ofTask(task?.id ?? '', 1);
      const { self, model: name } = agent;
      expect(node).toMatchObject({ nodeId: 'edit', agent: self, model: name, tokens: agent.tokens(3) });
      const [pull] = await world.pulls('one');
      const [issue] = await world.trackingIssues();
      const shown = agent.costOfAStep === null ? 'unknown' : `$${(3 * agent.costOfAStep).toFixed(2)}`;
      expect(pull?.body).toContain(`(${self}), ${name}`);
      expect(pull?.body).toContain(shown);
      expect(issue?.body).toContain(shown);
      if (agent.costOfAStep === null) expect(node?.costUsd).toBeNull();
      else expect(node?.costUsd).toBeCloseTo(3 * agent.costOfAStep, 6);

      expect(model.asked.length).toBeGreaterThanOrEqual(3);
      expect(new Set(model.asked.map(({ key }) => key))).toEqual(new Set([KEY]));
      expect(filesWith(world.folder, KEY), 'where the key was written').toEqual([]);
      expect(filesWith(world.folder, 'VERSION is 2.0.'), 'what the search finds where it is').not.toEqual([]);
      expect(processesIn(world.folder)).toEqual([]);
    }, 120_000);

    it('says who it is, which model it used and how many tokens it took', async () => {
      const { configured } = await givenAgent(agent, edit);
      const { cwd, run } = givenSession(configured);
      const result = await run;
      expect(result, result.message ?? '').toMatchObject({ stopReason: 'end_turn', text: 'VERSION is 2.0.' });
      expect(result).toMatchObject({ agent: agent.self, model: agent.model, tokens: agent.tokens(3) });
      expect(readFileSync(join(cwd, 'VERSION'), 'utf8')).toBe('2.0\n');
    }, 120_000);

    it('cannot use a model that it does not have, and says which it has', async () => {
      const { configured, model } = await givenAgent(agent, edit);
      const result = await givenSession({ ...configured, model: 'company/none' }).run;
      expect(result).toMatchObject({ stopReason: 'not_configured', prompted: false });
      expect(result.message).toContain(`${agent.self} has no model "company/none"; it offers `);
      expect(result.message).toContain(`"${agent.model}"`);
      expect(model.asked).toEqual([]);
    }, 120_000);

    it('is gone within two seconds when it is cancelled, with the commands that it started', async () => {
      const { configured } = await givenAgent(agent, [
        agent.tools.run('echo begun > begun; sleep 1000'),
        { say: 'Slept.' },
      ]);
      const abort = new AbortController();
      const { folder, cwd, run } = givenSession(configured, { signal: abort.signal });
      await expect.poll(() => readdirSync(cwd), { timeout: 90_000, interval: 50 }).toContain('begun');
      expect(processesIn(folder).length).toBeGreaterThan(0);
      const from = performance.now();
      abort.abort();
      const result = await run;
      expect(performance.now() - from).toBeLessThan(2_000);
      expect(result.stopReason).toBe('cancelled');
      expect(processesIn(folder)).toEqual([]);
    }, 120_000);
  },
);
