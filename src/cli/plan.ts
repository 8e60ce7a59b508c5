import { join } from 'node:path';
import { stringify } from 'yaml';
import { parseCommand } from '../core/command/parse-command.ts';
import { resolveInputs } from '../core/inputs/resolve-inputs.ts';
import type { Plan } from '../core/plan.ts';
import { REFUSALS, Refusal } from '../core/refusals.ts';
import { cleanLines } from '../core/render/terminal-text.ts';
import { parseOperatorSettings } from '../core/settings/parse-settings.ts';
import type { OperatorSettings, SharedSettings } from '../core/settings/types.ts';
import type { Workflow, WorkflowNode } from '../core/workflow/types.ts';
import { parseStubs, type Stubs } from '../core/workflow/walk/stubs.ts';
import { walk } from '../core/workflow/walk/walk.ts';
import { makePlan } from '../fleet/make-plan.ts';
import { selectSiblings } from '../fleet/select-siblings.ts';
import { selectTargets } from '../fleet/select-targets.ts';
import type { Submit } from '../fleet/submit.ts';
import { createBundledWorkflows } from '../platform/bundled-workflows.ts';
import { folderReads } from '../rehearse/folder-reads.ts';
import { commandText } from '../rehearse/give-command.ts';
import { RehearseError } from '../rehearse/options.ts';
import { type ReadFolder, readFolder } from '../rehearse/read-folder.ts';
import { chosenWorkflow } from './chosen-workflow.ts';
import { planLines } from './plan-lines.ts';
import { groupWalks, type PlanFacts, planResult } from './plan-result.ts';

export interface PlanFlags {
  /** A workflow's name, or the path of its file. */
  workflow: string;
  /** `key=value` words and flags as they would stand in the comment. */
  words: readonly string[];
  /** A folder that holds git repositories. */
  on: string;
  /** `<glob>=<tag>`: repositories whose name matches carry the tag. */
  tag: readonly string[];
  /** `node.output=text`, `node.exit_code=1`, `node.status=failed`. */
  stub: readonly string[];
  json: boolean;
}

/** Prints what the command would do in the folder's repositories. Throws RehearseError with what is wrong. */
export async function runPlan(flags: PlanFlags): Promise<void> {
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const facts = await factsOf(flags, say).catch((error: unknown) => {
    throw error instanceof Refusal ? told(error) : error;
  });
  const text = flags.json ? JSON.stringify(planResult(facts)) : planLines(facts).join('\n');
  process.stdout.write(`${text}\n`);
}

async function factsOf(flags: PlanFlags, say: (line: string) => void): Promise<PlanFacts> {
  const folder = await readFolder(flags.on, flags.tag, say);
  const bundled = createBundledWorkflows(join(import.meta.dirname, '..', '..', 'workflows'));
  const { name, source, workflow, notice } = await chosenWorkflow(flags.workflow, bundled, {
    ...folder,
    words: flags.words,
  });
  if (notice !== null) say(notice);
  const command = commandOf(name, flags.words);
  const stubs = stubsOf(flags.stub, workflow);
  const inputs = inputsOf(workflow, command.inputs);
  const settings = defaultSettings(workflow);
  const { selection, siblings } = await select(folder, flags.tag, { workflow, command, settings });
  const found = { context: { settings }, source, workflow, inputs, selection, siblings, settings: sharedOf(settings) };
  const plan = makePlan({ ...found, flags: command.flags, leftUsd: null, earlierCosts: null });
  return { plan, stubs, groups: walkAll(plan, stubs) };
}

/** There is nobody to tell. */
const sharedOf = ({ shared }: OperatorSettings): SharedSettings => ({
  ...shared,
  notify: { mention: false, webhook: null },
});

function commandOf(workflow: string, words: readonly string[]): Submit {
  const parsed = parseCommand(commandText(workflow, words));
  if (!parsed.ok) throw new RehearseError(`${parsed.message} ${parsed.hint}`);
  if (parsed.command.verb === 'submit') return parsed.command;
  throw new RehearseError(`\`/fleet ${workflow}\` starts no workflow: give the workflow another name.`);
}

function inputsOf(workflow: Workflow, given: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const resolved = resolveInputs(workflow.inputs, given);
  if (resolved.ok) return resolved.values;
  throw new RehearseError(resolved.faults.map(({ message, hint }) => cleanLines(`${message} ${hint}`)).join('\n'));
}

async function select(
  folder: ReadFolder,
  tagRules: readonly string[],
  of: { workflow: Workflow; command: Submit; settings: OperatorSettings },
) {
  const { reads, control } = await folderReads(folder, tagRules);
  const wanted = { workflow: of.workflow, flags: of.command.flags, earlier: [] };
  const runAs = { id: 1, login: folder.sender };
  const authorized = { control, settings: sharedOf(of.settings), runAs, dispatcher: null };
  return {
    selection: await selectTargets(reads, wanted, authorized),
    siblings: await selectSiblings(reads, of.workflow, authorized),
  };
}

function stubsOf(given: readonly string[], workflow: Workflow): Stubs {
  const parsed = parseStubs(given, workflow.nodes);
  if (parsed.ok) return parsed.stubs;
  const lines = parsed.faults.map(({ stub, message, hint }) => cleanLines(`--stub ${stub}: ${message} ${hint}`));
  throw new RehearseError(lines.join('\n'));
}

/** Which agents there are is said by an operator's file, and there is none here: every agent that is asked for is there. */
function defaultSettings(workflow: Workflow): OperatorSettings {
  const names = ['default', ...agentsOf(workflow.nodes)];
  const agents = names.map((name) => [name, { command: name, worst_case_usd: 0 }] as const);
  const text = stringify({ agents: Object.fromEntries(agents), default_agent: 'default' });
  const parsed = parseOperatorSettings(text, 'settings');
  if (!parsed.ok) throw new TypeError('settings of agents alone are not valid');
  return parsed.value;
}

function agentsOf(nodes: readonly WorkflowNode[]): string[] {
  return nodes.flatMap((node) => {
    if ('nodes' in node) return agentsOf(node.nodes);
    return 'agent' in node && node.agent !== null ? [node.agent] : [];
  });
}

function walkAll(plan: Plan, stubs: Stubs): PlanFacts['groups'] {
  const { workflow, inputs, targets } = plan;
  const walked = targets.map(({ repository }) => ({
    repository,
    walk: walk({ nodes: workflow.nodes, inputs, service: repository, stubs }),
  }));
  return groupWalks(walked);
}

function told({ code, detail, remedy }: Refusal): RehearseError {
  // What keeps GitHub from making links of it would only be in the way of who copies a name.
  const text = detail.replaceAll('\u200b', '').trim();
  return new RehearseError(`${REFUSALS[code].title}:\n${text}\n\n${remedy}`);
}
