import type { Plan } from '../core/plan.ts';
import { repositories } from '../core/render/amounts.ts';
import { estimateText } from '../core/render/estimate-words.ts';
import { approvalText, canaryOfAll, haltText, wavesText } from '../core/render/rollout-words.ts';
import { plainLine } from '../core/render/safe-text.ts';
import { namedWaves } from '../core/rollout/wave-names.ts';
import { entryText } from '../core/selection/faults.ts';
import type { Walk, WalkedNode } from '../core/workflow/walk/walk.ts';
import { type PlanFacts, unusedStubs, type WalkGroup } from './plan-result.ts';

const MAX_LINE = 300;
const clean = (text: string): string => plainLine(text, MAX_LINE);

/** For a terminal: texts of the workflow and of inputs are shown on one line, without control characters. */
export function planLines(facts: PlanFacts): string[] {
  const { plan, groups } = facts;
  return [
    ...headLines(plan),
    '',
    'Targets, in running order',
    ...targetLines(plan),
    ...section('Left out', aligned(plan.leftOut.map(({ repository, detail }) => [repository, clean(detail)]))),
    ...groups.flatMap((group) => ['', ...groupLines(group, plan)]),
    ...section('Taken for granted, because no --stub says otherwise', assumptionLines(facts)),
    ...section(
      'Stubs that change nothing, because the node does not run',
      unusedStubs(facts).map((path) => `  ${path}`),
    ),
  ];
}

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ['', title, ...lines];

function headLines(plan: Plan): string[] {
  const { workflow, inputs, branch, parallel, confirmOver, flags } = plan;
  const given = Object.entries(inputs).map(([name, value]) => `${name}=${clean(value)}`);
  const title = [workflow.name, clean(workflow.description)].filter((text) => text !== '').join('  ');
  return [
    title,
    ...aligned([
      ...given.map((input, index) => [index === 0 ? 'inputs' : '', input] as const),
      [
        'branch',
        workflow.opensPullRequests
          ? `${branch}${flags.draft ? ', pull requests as drafts' : ''}${flags.preview ? ', pushed by /fleet publish' : ''}`
          : 'none: it opens no pull requests',
      ],
      ['parallel', paceText(parallel)],
      ...rolloutRows(plan),
      ...(plan.agentEstimate === null
        ? []
        : [['agents', estimateText(plan.agentEstimate).replaceAll('`', '')] as const]),
      ...(plan.siblings.length === 0
        ? []
        : [['siblings', plan.siblings.map(({ repository }) => repository).join(', ')] as const]),
      ...(confirmOver === null ? [] : [['approval', `waits for one: more than ${confirmOver} targets`] as const]),
      ...(workflow.onlyIf === null ? [] : [['only_if', clean(workflow.onlyIf)] as const]),
      ...(workflow.requires.length === 0 ? [] : [['requires', workflow.requires.join(', ')] as const]),
      ...(workflow.evidence.length === 0 ? [] : [['evidence', workflow.evidence.join(', ')] as const]),
    ]),
  ];
}

function paceText(parallel: number | null): string {
  if (parallel === null) return 'side by side, up to the caps';
  return parallel === 1 ? 'one after another' : `${parallel} at once`;
}

function groupLines({ repositories: names, walk }: WalkGroup, { targets, workflow }: Plan): string[] {
  const all = names.length === targets.length && names.length > 1;
  const where = all ? `In all ${repositories(names.length)}` : `In ${names.join(', ')}`;
  const nodes = aligned(walk.nodes.map((node) => [nodeHead(node), nodeText(node)]));
  return [where, ...nodes, `  ${endText(walk, workflow.opensPullRequests)}`];
}

/** `2  test (bash, continue_on_error)`, what is in a group one level in. */
function nodeHead({ path, kind, layer, continueOnError }: WalkedNode): string {
  const parts = path.split('/');
  const marks = [kind, ...(continueOnError ? ['continue_on_error'] : [])].join(', ');
  return `${'   '.repeat(parts.length - 1)}${layer ?? '-'}  ${parts.at(-1)} (${marks})`;
}

function nodeText(node: WalkedNode): string {
  if (node.verdict === 'skipped') return clean(`skipped: ${node.reason}`);
  return [...(node.reason === null ? [] : [node.reason]), ...(node.stubbed ? [`stubbed: ${outcomeText(node)}`] : [])]
    .map(clean)
    .join('; ');
}

function outcomeText({ outcome: { status, exitCode, output } }: WalkedNode): string {
  const code = exitCode === null ? '' : ` with exit code ${exitCode}`;
  return `${status}${code}${output === '' ? '' : `, output ${JSON.stringify(output)}`}`;
}

function endText({ end }: Walk, opensPullRequests: boolean): string {
  switch (end.status) {
    case 'completed':
      return opensPullRequests
        ? 'Then the task completes, with a pull request where files have changed.'
        : 'Then the task completes with what the last node says.';
    case 'failed':
      return `Then the task fails, because ${end.node} does.`;
    case 'cancelled':
      return `Then the task is cancelled: ${clean(end.reason)}`;
  }
}

/** Nodes of which the same is assumed stand together. */
function assumptionLines({ plan, groups }: PlanFacts): string[] {
  const assumed = groups.flatMap(({ walk }) =>
    walk.nodes.flatMap(({ path, assumption }) => (assumption === null ? [] : [{ path, assumption }])),
  );
  const byText = Map.groupBy(assumed, ({ assumption }) => assumption);
  const rows = [...byText].map(
    ([text, nodes]) => [[...new Set(nodes.map(({ path }) => path))].join(', '), text] as const,
  );
  return aligned([...(plan.workflow.onlyIf === null ? [] : [['only_if', 'says yes'] as const]), ...rows]);
}

/** By wave where there are several; counted through. */
function targetLines(plan: Plan): string[] {
  const lines = numbered(plan.targets.map(({ repository }) => repository));
  const waves = namedWaves(plan);
  if (waves.length < 2) return lines;
  return waves.flatMap(({ name, targets }, wave) => [
    `  ${name.charAt(0).toUpperCase()}${name.slice(1)} (${targets.length} of ${plan.targets.length})`,
    ...lines.filter((_, index) => plan.targets[index]?.wave === wave).map((line) => `  ${line}`),
  ]);
}

function rolloutRows(plan: Plan): (readonly [string, string])[] {
  const { rollout } = plan.workflow;
  if (rollout === null) return [];
  const waves = wavesText(plan);
  const approval = approvalText(plan);
  const halt = haltText(plan);
  const order = [...rollout.after.map((entry) => clean(entryText(entry))), 'the others'];
  return [
    ...(waves === null
      ? []
      : [['waves', `${waves}${approval === null ? '' : `; waits for approval ${approval}`}`] as const]),
    ...(canaryOfAll(plan) ? [['waves', 'the canary is all of them: nothing waits for how it ends'] as const] : []),
    ...(halt === null ? [] : [['halts', `when ${halt} ${halt === '1' ? 'has' : 'have'} failed`] as const]),
    ...(rollout.after.length === 0 ? [] : [['order', order.join(', then ')] as const]),
  ];
}

function numbered(lines: readonly string[]): string[] {
  const width = String(lines.length).length;
  return lines.map((line, index) => `  ${String(index + 1).padStart(width)}  ${line}`);
}

function aligned(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(0, ...rows.map(([head]) => head.length));
  return rows.map(([head, text]) => `  ${head.padEnd(width)}  ${text}`.trimEnd());
}
