import type { Path } from './places.ts';

type Place = 'workflow' | 'node' | 'loop' | 'loop_group' | 'retry' | 'approval' | 'input';

const AGENT_OF_OPERATOR =
  "Name an agent of the operator's settings: `agent: opencode`; those say its program and model.";
const AGENT_OF_WORKFLOW = "Remove it; the settings' `default_agent` says it, or `agent` on a node.";
const SETTING_OF_AGENT =
  "Remove it; it is a setting of the agent in the operator's file. Instructions belong into the prompt.";
const TOOLS = 'Remove it; have the operator set up an agent with fewer tools, and name it under `agent`.';
const SESSIONS = 'Remove it; every agent node is a fresh session. Hand on what is needed: {{nodes.plan.output}}.';
const SUB_RUNS =
  'Remove it. `include` runs the nodes of another workflow here; `services` and `parallel` run in many repositories.';
const INTERACTIVE = 'Remove it; nobody answers after each iteration. Put an `approval` after the loop.';
const REMOVED = 'Write `nodes` with `depends_on`; what does not depend on each other runs side by side.';

/** Keys of Archon's language, and the commonest of GitHub Actions', that this one does not have, with what to write instead; docs/guides/from-archon.md says why. */
const INSTEAD: Readonly<Record<Place, ReadonlyMap<string, string>>> = {
  workflow: new Map([
    ...[
      'provider',
      'model',
      'fallbackModel',
      'effort',
      'modelReasoningEffort',
      'thinking',
      'betas',
      'webSearchMode',
    ].map((key): [string, string] => [key, AGENT_OF_WORKFLOW]),
    ['sandbox', 'Remove it; agents run without a sandbox in this version.'],
    ['interactive', 'Remove it; every fleet runs in the background, and an `approval` parks the task.'],
    ['persist_sessions', SESSIONS],
    ['returns', 'Remove it; the output is that of the last node without followers. Put the node that counts last.'],
    [
      'outcome_field',
      "Remove it; a task's outcome is its difference. End a bash node with status 1 to fail on a verdict.",
    ],
    [
      'evidence_policy',
      'Write evidence: [reports/summary.md], paths in the repository that must exist after the nodes.',
    ],
    ['mutates_checkout', 'Write `pull_request: false`: nothing is pushed. Every task has its own clone.'],
    ['worktree', 'Remove it; every task has its own clone.'],
    ['container', 'Remove it; the operator decides where commands run.'],
    ['tags', 'Remove it; to select repositories by topics and properties write services: [{ tag: platform:my-app }].'],
    ['steps', REMOVED],
    ['loop', 'Write a node with `loop`.'],
    ['prompt', 'Write a node with `prompt`.'],
  ]),
  node: new Map([
    ['if', 'Write `when`: $test.exit_code != 0.'],
    ['needs', 'Write `depends_on`: [build, test].'],
    ['run', 'Write `bash`; `|` begins several lines.'],
    ['name', 'Write `id`, and `description` for a text.'],
    ...['provider', 'model', 'fallbackModel'].map((key): [string, string] => [key, AGENT_OF_OPERATOR]),
    ...[
      'effort',
      'modelReasoningEffort',
      'thinking',
      'betas',
      'systemPrompt',
      'mcp',
      'skills',
      'settingSources',
      'webSearchMode',
      'pi',
    ].map((key): [string, string] => [key, SETTING_OF_AGENT]),
    ['allowed_tools', TOOLS],
    ['denied_tools', TOOLS],
    ['agents', 'Remove it; write a node for each agent.'],
    ['hooks', 'Remove it; check in a bash node after the agent.'],
    ['sandbox', 'Remove it; agents run without a sandbox in this version.'],
    ['maxBudgetUsd', 'Write agent: { budget_usd: 2 }.'],
    ['context', SESSIONS],
    ['persist_session', SESSIONS],
    ['output_type', "Remove it; every node's output and log are kept by the node's name."],
    ['deps', 'Remove it; install in a bash node, or name the programs that the machine must have under `requires`.'],
    ['workflow', SUB_RUNS],
    ['fan_out', SUB_RUNS],
    ['input', SUB_RUNS],
    ['isolation', 'Remove it; every task has its own clone.'],
    ['parallel', REMOVED],
    ['fresh_context', 'Remove it; every agent node and every iteration is a session of its own.'],
    ['on_reject', 'Let an agent node run `when` the approval says rework, and put a second approval after it.'],
    ['max_iterations', 'Write it under `loop` or `loop_group`.'],
    ['max_attempts', 'Write retry: { max_attempts: 3 }; the first try counts.'],
    ['inputs', 'Write `with`: name of the input to its value.'],
  ]),
  loop: new Map([
    ['interactive', INTERACTIVE],
    ['gate_message', INTERACTIVE],
    ['signal_completes', INTERACTIVE],
    ['model', 'Write `agent` beside `loop`.'],
    ['provider', 'Write `agent` beside `loop`.'],
    ['output_format', 'Write it beside `loop`.'],
    ['with', 'Write it beside `loop`.'],
  ]),
  loop_group: new Map([
    ['fresh_context', 'Remove it; every iteration is a session of its own.'],
    ['interactive', INTERACTIVE],
    ['gate_message', INTERACTIVE],
    ['signal_completes', INTERACTIVE],
    ['model', 'Name the `agent` on its nodes.'],
    ['provider', 'Name the `agent` on its nodes.'],
    ['until_field', 'Write `until_bash`; `until_field` belongs to `loop`, whose answer has an `output_format`.'],
  ]),
  retry: new Map([['delay_ms', 'Write `delay` with a unit: 5000 is `delay: 5s`.']]),
  approval: new Map([
    [
      'on_reject',
      'Declare a decision `rework`, let an agent node run when it is chosen, and put a second approval after it.',
    ],
  ]),
  input: new Map([['type', 'Remove it; every value is a text. `pattern` and `enum` say which are allowed.']]),
};

/** What to write instead of a key of Archon's at this path; undefined: it is none. */
export function insteadOfArchonKey(path: Path, key: string): string | undefined {
  const place = placeOf(path);
  return place === null ? undefined : INSTEAD[place].get(key);
}

function placeOf(path: Path): Place | null {
  const last = path.at(-1);
  if (last === undefined) return 'workflow';
  if (path.at(-2) === 'nodes' && typeof last === 'number') return 'node';
  if (path.length === 2 && path[0] === 'inputs') return 'input';
  return last === 'loop' || last === 'loop_group' || last === 'retry' || last === 'approval' ? last : null;
}
