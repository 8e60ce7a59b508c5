/** Why a decision was not taken, and what to write instead: a detail and a remedy each. */
import type { DecisionWords } from '../request.ts';
import { repositories, utc } from './amounts.ts';
import { boundedList } from './bounded-list.ts';
import { decisionCommand } from './decision-command.ts';
import { codeSpan, safeText } from './safe-text.ts';

interface Asked {
  repository: string;
  nodeId: string;
  expiresAt: number;
}

type Told = readonly [detail: string, remedy: string];

const SHOWN = 10;

export function nothingWaits(fleet: string): Told {
  return [`Nothing of \`${fleet}\` waits for a decision.`, '`/fleet status` shows where it stands.'];
}

/** No node waits, but the fleet itself does. `later`: it was held after the command. */
export function fleetIsHeld(fleet: string, verb: 'approve' | 'reject', later: boolean): Told {
  return later
    ? [
        `\`${fleet}\` did not wait when the command was given. By now it does: its tracking issue shows why.`,
        'Read it, and give the command again.',
      ]
    : [
        `No node of \`${fleet}\` waits for a decision; the fleet waits as a whole.`,
        `Write \`/fleet ${verb} ${fleet}\` alone.`,
      ];
}

/** `later`: what waits was asked after the command. */
export function notWaiting(fleet: string, waiting: readonly Asked[], later: boolean): Told {
  const groups = [...Map.groupBy(waiting, ({ nodeId }) => nodeId)].slice(0, SHOWN);
  const list = groups.map(([node, asked]) => `${codeSpan(node, 80)} in ${repositoryList(asked)}`).join('; ');
  return later
    ? [
        `Nothing of \`${fleet}\` waited when the command was given. By now this does: ${list}.`,
        'Read it, and give the command again.',
      ]
    : [
        `Nothing that waits fits the command. This waits: ${list}.`,
        'Write one of these repositories or nodes, or leave them out.',
      ];
}

export function tooLate(late: readonly Asked[]): Told {
  const [first] = late;
  const node = codeSpan(first?.nodeId ?? '', 80);
  return [
    `The time to decide about ${node} in ${repositoryList(late)} is over since ${utc(first?.expiresAt ?? 0)}.`,
    'Give the command of the fleet again; a longer `timeout` on the node leaves more time.',
  ];
}

export function severalNodes(
  fleet: string,
  nodes: readonly string[],
  words: DecisionWords & { decision: string },
): Told {
  const commands = nodes
    .slice(0, SHOWN)
    .map((node) =>
      codeSpan(decisionCommand(words.decision, { fleet, repositories: words.repositories ?? null, node }), 300),
    );
  return [
    `Several nodes wait for a decision: ${nodes
      .slice(0, SHOWN)
      .map((node) => codeSpan(node, 80))
      .join(', ')}.`,
    `Name the one that you mean: ${commands.join(', ')}.`,
  ];
}

export function unknownDecision(
  fleet: string,
  asked: {
    nodeId: string;
    decisions: readonly { id: string; label: string }[];
    words: DecisionWords & { decision: string };
  },
): Told {
  const { nodeId, decisions, words } = asked;
  const commands = decisions.slice(0, SHOWN).map(({ id, label }) => {
    const command = decisionCommand(id, { fleet, repositories: words.repositories ?? null, node: words.node ?? null });
    return `${codeSpan(command, 300)}${label === id ? '' : ` (${safeText(label, 100)})`}`;
  });
  return [
    `${codeSpan(words.decision, 80)} is no decision of ${codeSpan(nodeId, 80)}; nothing was decided.`,
    `Write one of these: ${boundedList(commands, decisions.length)}.`,
  ];
}

function repositoryList(asked: readonly Asked[]): string {
  const shown = asked.slice(0, SHOWN).map(({ repository }) => safeText(repository, 200));
  return asked.length > 1 ? `${repositories(asked.length)} (${boundedList(shown, asked.length)})` : shown.join('');
}
