/** What a person can do now: only commands that work in this state. */
import type { FleetStatus } from '../status.ts';
import { utc } from './amounts.ts';
import { submitCommand } from './command-text.ts';
import { codeSpan } from './safe-text.ts';
import type { FleetView } from './views.ts';

export function nextSection(fleet: FleetView, status: FleetStatus): string {
  return `### What you can do now\n\n${commands(fleet, status)
    .map((line) => `- ${line}`)
    .join('\n')}`;
}

function commands(fleet: FleetView, status: FleetStatus): string[] {
  switch (status) {
    case 'planned': {
      const until = fleet.expiresAt === null ? '' : ` It can be approved until ${utc(fleet.expiresAt)}.`;
      return [
        `\`/fleet approve ${fleet.id}\` runs exactly this plan.${until}`,
        `\`/fleet cancel ${fleet.id}\` drops it; nothing was changed so far.`,
      ];
    }
    case 'running':
    case 'waiting':
      return [
        `\`/fleet cancel\` ends it: nothing more is pushed, open pull requests stay.`,
        `\`/fleet status\` answers with the counts of this moment.`,
      ];
    case 'completed':
      return fleet.plan.workflow.opensPullRequests
        ? ['Review and merge the pull requests.', `${again(fleet)} brings them up to date when the bases moved on.`]
        : [`${again(fleet)} runs it anew.`];
    case 'partial':
    case 'failed':
      return [
        `${again(fleet)} starts a new fleet once the causes are mended; open pull requests are updated, not doubled.`,
        ...declined(fleet),
      ];
    case 'cancelled':
      return [`${again(fleet)} starts anew; open pull requests are updated, not doubled.`];
  }
}

function again(fleet: FleetView): string {
  const command = submitCommand(fleet.plan);
  return command === undefined ? 'Giving the same command again' : codeSpan(command, 1_100);
}

function declined(fleet: FleetView): string[] {
  if (fleet.plan.flags.again) return [];
  const command = submitCommand(fleet.plan, ['--again']);
  if (command === undefined) return [];
  return [`${codeSpan(command, 1_100)} also opens pull requests again that somebody closed.`];
}
