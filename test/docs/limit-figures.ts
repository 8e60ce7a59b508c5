import { DAY_MS } from '../../src/core/budget.ts';
import { EDITS_AN_HOUR } from '../../src/core/cadence.ts';
import { FREE_MARGIN_BYTES, LEAST_FREE_BYTES } from '../../src/core/disk/room.ts';
import { MAX_VALUE_BYTES } from '../../src/core/inputs/check-value.ts';
import { LATE_AFTER_MINUTES, WAITS_MS } from '../../src/core/missed-deliveries.ts';
import { waitAfter } from '../../src/core/notifications/tries.ts';
import { byteText, thousands } from '../../src/core/render/amounts.ts';
import { GATE_MS } from '../../src/core/rollout/gate-expiry.ts';
import { parseOperatorSettings } from '../../src/core/settings/parse-settings.ts';
import { UNKNOWN_SURROUNDINGS } from '../../src/core/workflow/beside.ts';
import { normalize } from '../../src/core/workflow/normalize.ts';
import { MAX_NODES } from '../../src/core/workflow/read/check-nodes.ts';
import { MAX_INPUTS } from '../../src/core/workflow/read/check-shape.ts';
import { MAX_BYTES as MAX_WORKFLOW_BYTES } from '../../src/core/workflow/read/read-yaml.ts';
import { WAIT_AT_MOST_MS } from '../../src/edge/answer-delivery.ts';
import { MOST_OF_CALLER } from '../../src/edge/api/events/event-streams.ts';
import { MOST_BODY_BYTES } from '../../src/edge/api/json-body.ts';
import { MOST_UNFINISHED_OF_ONE } from '../../src/edge/inbox.ts';
import { SENDS_WITHOUT_ANSWER, UNANSWERED_MS } from '../../src/effects/attempt.ts';
import { RETRY_DELAYS_MS } from '../../src/engine/run-delivery.ts';
import { MAX_FILES, MAX_BYTES as MAX_FILES_BYTES } from '../../src/fleet/load-source.ts';
import { MAX_SIBLINGS } from '../../src/fleet/select-siblings.ts';
import { APPROVAL_MS } from '../../src/fleet/submit.ts';
import { TRANSCRIPT_BYTES } from '../../src/platform/agent/create-agents.ts';
import { MAX_TEXT } from '../../src/platform/agent/session-updates.ts';
import { DELAYS_MS } from '../../src/platform/git/read-again.ts';
import { LOG_BYTES } from '../../src/platform/process/create-processes.ts';
import { ABANDONMENTS, LIMIT_WAITS, PUBLISHING_PATIENCE_MS } from '../../src/store/contract/tasks.ts';
import { MOST_AT_ONCE } from '../../src/sweep/ask-again.ts';
import { MOST_PAGES } from '../../src/sweep/find-missed-deliveries.ts';
import { LOGS_BYTES, LOGS_KEPT_MS } from '../../src/sweep/remove-logs.ts';
import { MAX_OUTPUT_BYTES } from '../../src/worker/runners/run-child.ts';

const UNITS = [
  ['days', DAY_MS],
  ['hours', 3_600_000],
  ['minutes', 60_000],
  ['seconds', 1_000],
] as const;

/** Of one page of GitHub's list. */
const ATTEMPTS_A_PAGE = 100;

const parsed = parseOperatorSettings('', 'settings.yml');
if (!parsed.ok) throw new Error('Settings without a key are settings.');
const { caps, contentBudget, effects, shared, box, disk, drainMs, api, maxUserBudgetUsdPerDay } = parsed.value;

const { limits, parallel, nodes, rollout } = normalize(
  {
    name: 'x',
    rollout: {},
    nodes: [
      { id: 'a', bash: 'true' },
      { id: 'b', script: '1', runtime: 'node' },
      { id: 'c', prompt: 'x' },
      { id: 'd', approval: { message: 'x' } },
    ],
  },
  UNKNOWN_SURROUNDINGS,
);
const timeoutOf = (kind: string): string => {
  const node = nodes.find((one) => one.kind === kind);
  return node !== undefined && 'timeoutMs' in node ? durationWords(node.timeoutMs) : 'none';
};
const prompt = nodes.find((one) => one.kind === 'prompt');
const idle = prompt !== undefined && 'idleTimeoutMs' in prompt ? durationWords(prompt.idleTimeoutMs) : 'none';

/** How often a notification is tried, and how long the waits between are together. */
function triesOfNotification(): { tries: number; ms: number } {
  let [tries, ms] = [1, 0];
  for (let wait = waitAfter(tries, null); wait !== null; wait = waitAfter(tries, null)) {
    tries += 1;
    ms += wait;
  }
  return { tries, ms };
}

const notification = triesOfNotification();
const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
const same = (...figures: string[]): string => [...new Set(figures)].join(' or ');

/** What the table of limits in docs/operations.md says, from what the program goes by: the row's label → its figure. */
export const LIMIT_FIGURES: Readonly<Record<string, string>> = {
  'running tasks of the server, of one person': `${caps.system}, ${caps.perUser}`,
  'running tasks of one fleet': String(parallel),
  // The unique index `tasks_one_live_per_branch` has no number.
  'tasks on one branch of one repository': '1',
  'creations and edits on GitHub, for each installation': `${contentBudget.perMinute} a minute, ${contentBudget.perHour} an hour`,
  'waits of one task for them, before it publishes': String(LIMIT_WAITS),
  'edits of one tracking issue': `${EDITS_AN_HOUR} an hour`,
  'unanswered commands of one person': String(MOST_UNFINISHED_OF_ONE),
  'targets of a plan': String(shared.confirmOver),
  'failures in a rollout': numberOrNone(rollout?.haltOnFailure),
  'a plan, a held or paused fleet without an answer': [APPROVAL_MS, GATE_MS, GATE_MS]
    .map((ms) => durationWords(ms))
    .join(', '),
  'a question of an `approval` node': timeoutOf('approval'),
  'one node: `bash` and `script`, agent, agent without a sign': [
    same(timeoutOf('bash'), timeoutOf('script')),
    timeoutOf('prompt'),
    idle,
  ].join(', '),
  'one task, without its waits': durationWords(limits.taskTimeoutMs, 'minutes'),
  'output of one node, for conditions and other nodes': same(byteText(MAX_OUTPUT_BYTES), byteText(MAX_TEXT)),
  'what agents cost: a session, a node, a task, a fleet': same(
    ...[limits.budgetUsd, limits.taskBudgetUsd, shared.maxFleetBudgetUsd].map(numberOrNone),
  ),
  "what one person's agents cost in 24 hours": numberOrNone(maxUserBudgetUsdPerDay),
  'files and bytes of one pull request': `${shared.maxFiles}, ${byteText(shared.maxBytes)}`,
  'paths that may not change': shared.protectedPaths.map((path) => `\`${path}\``).join(', '),
  'processes, memory, computing time, largest file of one box': `${box.processes}, ${byteText(box.memoryBytes)}, ${durationWords(box.cpuMs)}, ${byteText(box.fileBytes)}`,
  'restarts by crash of one task': String(ABANDONMENTS),
  'a request without an answer': `${SENDS_WITHOUT_ANSWER} times, ${durationWords(UNANSWERED_MS)}`,
  'a fetch or a push that hears next to nothing': `${durationWords(effects.gitTimeoutMs, 'seconds')}, a fetch ${DELAYS_MS.length + 1} times`,
  '`/fleet publish` without an answer of GitHub': durationWords(PUBLISHING_PATIENCE_MS),
  'age of a command when it arrives': `${LATE_AFTER_MINUTES} minutes`,
  "a command that meets GitHub's limits": durationWords(WAIT_AT_MOST_MS),
  'tries of a command that meets an error of the server': `${RETRY_DELAYS_MS.length + 1}, over ${durationWords(sum(RETRY_DELAYS_MS))}`,
  'all workspaces, all mirrors': `${byteText(disk.workspacesBytes)}, ${byteText(disk.mirrorsBytes)}`,
  'free space of the disk': byteText(LEAST_FREE_BYTES),
  'one workspace': byteText(disk.perWorkspaceBytes),
  'writes of the server that a full disk refuses, of one task': `${ABANDONMENTS} times; ${durationWords(PUBLISHING_PATIENCE_MS)} once it publishes`,
  'what runs after SIGTERM': durationWords(drainMs),
  'one log, all logs of tasks that have ended': `${same(byteText(LOG_BYTES), byteText(TRANSCRIPT_BYTES))}, ${byteText(LOGS_BYTES)}`,
  'missed webhooks that are asked for': `${WAITS_MS.length} times each, ${MOST_AT_ONCE} at a look`,
  'deliveries that one look reads': thousands(MOST_PAGES * ATTEMPTS_A_PAGE),
  'tries of a webhook that tells of a fleet': `${notification.tries}, over ${Math.floor(notification.ms / 3_600_000)} hours`,
  'siblings, files that a workflow names, an input': `${MAX_SIBLINGS}, ${MAX_FILES} and ${byteText(MAX_FILES_BYTES)}, ${byteText(MAX_VALUE_BYTES)}`,
  '[a workflow file](workflow-reference.md#limits)': `${byteText(MAX_WORKFLOW_BYTES)}, ${MAX_NODES} nodes, ${MAX_INPUTS} inputs`,
  "[HTTP API](guides/api-callers.md): one caller's requests": `${api.requestsPerMinute} a minute`,
  '[HTTP API](guides/api.md): a request, followed fleets': `${byteText(MOST_BODY_BYTES)}, ${MOST_OF_CALLER}`,
};

/** Figures in what happens over a limit: the row's label → a part of it. */
export const FIGURES_OVER_IT: Readonly<Record<string, string>> = {
  'free space of the disk': `below ${byteText(LEAST_FREE_BYTES + FREE_MARGIN_BYTES)} what is only kept is removed`,
  'one log, all logs of tasks that have ended': `after ${durationWords(LOGS_KEPT_MS)}`,
};

function numberOrNone(value: unknown): string {
  return value === null ? 'none' : String(value);
}

/** `10 minutes`, `1 hour`, `24 hours`: in the largest unit in which it is a whole number, a single day in hours. */
function durationWords(ms: number, unit?: 'minutes' | 'seconds'): string {
  const fits = ([one, size]: (typeof UNITS)[number]): boolean =>
    unit === undefined ? ms % size === 0 && (one !== 'days' || ms > size) : one === unit;
  const [name, length] = UNITS.find(fits) ?? UNITS[3];
  const count = ms / length;
  return `${count} ${count === 1 ? name.slice(0, -1) : name}`;
}
