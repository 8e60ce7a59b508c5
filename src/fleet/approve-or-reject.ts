import { Refusal } from '../core/refusals.ts';
import type { DecisionWords, FleetRequest } from '../core/request.ts';
import type { FleetRow } from '../store/contract/fleets.ts';
import { approve, approvedBefore } from './approve.ts';
import { fleetForApprover } from './authorize-approver.ts';
import { discreetly, type FleetAtPlace } from './authorize-verb.ts';
import type { FleetContext } from './context.ts';
import { type Decided, decide } from './decide.ts';
import { loadSettings } from './load-settings.ts';
import { type Opened, openedBefore, openGate } from './open-gate.ts';
import { reject, rejectedBefore } from './reject.ts';

export type ApproveOrReject = DecisionWords & {
  verb: 'approve' | 'reject';
  fleet: string | null;
  on?: 'plan' | 'gate';
};

export type Verdict =
  | { on: 'plan'; at: FleetAtPlace }
  /** null: what was left is cancelled. */
  | { on: 'gate'; at: FleetAtPlace; opened: Opened | null }
  | { on: 'nodes'; at: FleetAtPlace; decision: string; decided: readonly Decided[] };

/**
 * A fleet that was never approved is asked about as a whole, and so is one that is held; any other one by its open
 * approvals. Throws Refusal.
 */
export async function approveOrReject(
  context: FleetContext,
  request: FleetRequest,
  command: ApproveOrReject,
  receivedAt: number,
): Promise<Verdict> {
  const at = await fleetForApprover(context, request, command.fleet);
  const { sender } = request;
  return discreetly(at, async () => {
    const settings = await loadSettings(context, context.github.reads(at.fleet.installationId), at.control);
    if (meansPlan(at.fleet, request, command, receivedAt)) {
      requireWhole(at.fleet, command);
      if (command.verb === 'approve') await approve(context, at, settings, sender, receivedAt);
      else await reject(context, at, settings, sender, receivedAt);
      return { on: 'plan', at };
    }
    if (await meansGate(context, at.fleet, request, command, receivedAt)) {
      if (command.verb === 'approve') {
        return { on: 'gate', at, opened: await openGate(context, at, settings, sender, receivedAt) };
      }
      await reject(context, at, settings, sender, receivedAt);
      return { on: 'gate', at, opened: null };
    }
    const decision = command.decision ?? command.verb;
    const decided = await decide(context, at, settings, sender, { ...command, decision }, receivedAt);
    return { on: 'nodes', at, decision, decided };
  });
}

/** Also where this very command has approved it, and its answer was lost. */
function meansPlan(fleet: FleetRow, { sender }: FleetRequest, command: ApproveOrReject, receivedAt: number): boolean {
  if (command.on !== undefined) return command.on === 'plan';
  if (fleet.approvedAt === null) return true;
  return command.verb === 'approve' && !saysWhere(command) && approvedBefore(fleet, sender, receivedAt);
}

/** What was held later is not meant: nobody could have read it. Also where this very command was carried out, and its answer lost. */
async function meansGate(
  { store }: FleetContext,
  fleet: FleetRow,
  { sender: { login } }: FleetRequest,
  command: ApproveOrReject,
  receivedAt: number,
): Promise<boolean> {
  if (command.on !== undefined) return command.on === 'gate';
  if (saysWhere(command)) return false;
  const held = fleet.gateSince !== null && fleet.gateSince <= receivedAt;
  if (held && fleet.endedAt === null) return true;
  if (command.verb === 'approve') return (await openedBefore(store.read, fleet, login, receivedAt)) !== undefined;
  return held && (await rejectedBefore(store.read, fleet, login, receivedAt));
}

function requireWhole(fleet: FleetRow, command: ApproveOrReject): void {
  if (!saysWhere(command) || fleet.endedAt !== null) return;
  throw new Refusal(
    'undecidable',
    `\`${fleet.id}\` is planned, and a plan is approved or rejected as a whole.`,
    `Write \`/fleet ${command.verb} ${fleet.id}\` alone. For fewer repositories, give the command of the fleet again with \`--match\`.`,
  );
}

const saysWhere = ({ repositories, node, decision, text }: DecisionWords): boolean =>
  [repositories, node, decision, text].some((word) => word !== undefined);
