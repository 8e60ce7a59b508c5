import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import manifest from '../../package.json' with { type: 'json' };
import { childPath, dataDirectory, keyFileOf, loadEnvFile, pickEnvironment, settingsFileOf } from '../config.ts';
import { renderTerminalFault } from '../core/render/terminal-faults.ts';
import { modelKeyProblems } from '../core/settings/model-keys.ts';
import type { AgentDefinition, OperatorSettings } from '../core/settings/types.ts';
import { ENV_FILE, readOperatorSettings, resolveAgents, sandboxOf, serverFiles } from '../operator.ts';
import { type CheckedAgent, checkAgent } from '../platform/agent/check-agent.ts';
import { closeInheritedDescriptors } from '../platform/process/inherited-descriptors.ts';
import { type NoSandbox, probeSandbox } from '../platform/sandbox/probe.ts';
import type { Mount, Sandbox } from '../ports/sandbox.ts';
import { RehearseError } from '../rehearse/options.ts';
import type { ConfiguredAgent } from '../worker/context.ts';
import { operatorSecrets } from '../worker/operator-secrets.ts';
import { agentLines, remedyFor, type ShownAgent } from './agents-check-lines.ts';

export interface AgentsCheckFlags {
  settings?: string;
  json: boolean;
}

/** The proxy's refusals are what an agent lacks. */
const LOG = pino({ level: 'warn' }, pino.destination({ dest: 2, sync: true }));
const TIMEOUT_MS = 60_000;

/**
 * Starts every agent of the operator's settings as the server would, asks it what it is, and prints that.
 * Exit status: 0 when each opened a session, 1 when one did not, or when there is none.
 */
export async function runAgentsCheck(flags: AgentsCheckFlags): Promise<number> {
  closeInheritedDescriptors();
  loadEnvFile(ENV_FILE);
  const file = flags.settings ?? settingsFileOf();
  if (file === null) {
    throw new RehearseError("Name the operator's file: --settings <file>, or FLEET_SETTINGS in the environment.");
  }
  const namedBy = flags.settings === undefined ? 'FLEET_SETTINGS' : '--settings';
  const read = await readOperatorSettings(file, namedBy).catch((error: Error) => {
    throw new RehearseError(error.message);
  });
  if (!read.ok) {
    for (const fault of read.faults) process.stderr.write(`${renderTerminalFault(fault, read.text)}\n`);
    return 1;
  }
  const settings = read.value;
  if (Object.keys(settings.agents).length === 0) {
    throw new RehearseError(`${file} defines no agent. Define one under \`agents\`: docs/guides/agents.md.`);
  }
  const { sandbox, missing } = await openSandbox(settings, file);
  const shown: ShownAgent[] = [];
  if (!flags.json && !sandbox.boxed) process.stderr.write(`${withoutSandbox(missing)}\n`);
  for (const [name, agent] of Object.entries(resolveAgents(settings))) {
    const definition = settings.agents[name];
    if (definition === undefined) continue;
    const one = { name, ...(await check(name, agent, definition, sandbox)) };
    shown.push(one);
    if (!flags.json) process.stdout.write(`${agentLines(one, definition).join('\n')}\n`);
  }
  if (flags.json) process.stdout.write(`${JSON.stringify({ sandbox: sandbox.boxed, agents: shown.map(asJson) })}\n`);
  return shown.every(({ problem }) => problem === null) ? 0 : 1;
}

async function openSandbox(
  { sandbox: mode, box, disk }: OperatorSettings,
  settingsFile: string,
): Promise<{ sandbox: Sandbox; missing: NoSandbox | null }> {
  const found = mode === 'off' ? null : await probeSandbox(childPath());
  const missing = found !== null && 'problem' in found ? found : null;
  if (missing !== null && mode === 'required') {
    throw new RehearseError(`There is no sandbox for agents: ${missing.problem}. ${missing.remedy}`);
  }
  const facts = found === null || 'problem' in found ? null : found;
  const hidden = serverFiles({ dataDir: dataDirectory(), keyFile: keyFileOf(), settingsFile });
  return { sandbox: sandboxOf({ box, disk }, facts, LOG, hidden), missing };
}

const withoutSandbox = (missing: NoSandbox | null): string =>
  missing === null
    ? 'The agents run WITHOUT A SANDBOX: `sandbox: off`.'
    : `The agents run WITHOUT A SANDBOX: ${missing.problem}. ${missing.remedy}`;

/** In folders of its own, as a task has them. */
async function check(
  name: string,
  agent: ConfiguredAgent,
  definition: AgentDefinition,
  sandbox: Sandbox,
): Promise<Omit<ShownAgent, 'name'>> {
  const unset = definition.envFrom.filter((variable) => !(variable in agent.env));
  const [keyProblem] = modelKeyProblems({ [name]: definition }, pickEnvironment([definition.modelApi?.keyFrom ?? '']));
  if (keyProblem !== undefined) return { ...UNKNOWN, problem: { what: keyProblem, kind: 'other' }, unset };
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-agent-'));
  const [cwd, home] = [join(folder, 'tree'), join(folder, 'home')];
  try {
    for (const path of [cwd, home]) await mkdir(path);
    const mount = (path: string, access: Mount['access']): Mount => ({ path, access });
    const checked = await checkAgent(
      sandbox,
      {
        ...agent,
        cwd,
        env: { PATH: childPath(), HOME: home, TMPDIR: home, LANG: 'C.UTF-8', CI: 'true', ...agent.env },
        box: {
          mounts: [...agent.read.map((path) => mount(path, 'read')), mount(home, 'write'), mount(cwd, 'write')],
          hosts: agent.hosts,
          modelApi: agent.modelApi,
        },
        timeoutMs: TIMEOUT_MS,
        signal: new AbortController().signal,
        pidsFile: join(folder, 'pids'),
        secrets: operatorSecrets({ agent }),
      },
      manifest.version,
    );
    return { ...checked, unset };
  } catch (error) {
    return {
      ...UNKNOWN,
      problem: { what: error instanceof Error ? error.message : String(error), kind: 'other' },
      unset,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const UNKNOWN: Omit<CheckedAgent, 'problem'> = {
  agent: null,
  model: null,
  protocolVersion: null,
  modes: [],
  models: [],
  logins: [],
};

const asJson = ({ name, agent, protocolVersion, model, models, modes, logins, unset, problem }: ShownAgent) => ({
  name,
  ok: problem === null,
  agent,
  protocol_version: protocolVersion,
  model,
  models,
  modes,
  logins,
  unset_variables: unset,
  problem: problem?.what ?? null,
  remedy: (problem === null ? '' : remedyFor(problem.kind)) || null,
});
