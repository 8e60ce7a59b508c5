import { createLogUpdate } from 'log-update';
import type { Fleet, FleetTask } from './answers.ts';
import { fleetLines, headLine, type Ink } from './fleet-lines.ts';

export interface ProgressDisplay {
  show(fleet: Fleet): void;
  /** What comes now stands below; the last state is told whole. */
  end(): void;
}

interface Output {
  isTTY?: boolean;
  rows?: number;
  write(text: string): unknown;
}

/** On a terminal the fleet as it is, again and again in the same place; elsewhere a line for every change. */
export function progressDisplay(output: NodeJS.WriteStream, ink: Ink): ProgressDisplay {
  return output.isTTY ? liveDisplay(output, ink) : plainDisplay(output, ink);
}

function liveDisplay(output: NodeJS.WriteStream, ink: Ink): ProgressDisplay {
  const update = createLogUpdate(output);
  let last: Fleet | undefined;
  return {
    show(fleet) {
      last = fleet;
      update(fitted(fleet, (output.rows ?? 24) - 1, ink).join('\n'));
    },
    end() {
      if (last !== undefined) update(fleetLines(last, ink).join('\n'));
      update.done();
    },
  };
}

/** What happens first, what is over next, so that a fleet of thousands fits. */
function fitted(fleet: Fleet, rows: number, ink: Ink): string[] {
  const all = fleetLines(fleet, ink);
  if (all.length <= rows) return all;
  const without = fleetLines({ ...fleet, left_out: [] }, ink, []);
  const room = Math.max(1, rows - without.length - 1);
  const chosen = fleet.tasks.toSorted((a, b) => rankOf(a) - rankOf(b)).slice(0, room);
  const lines = fleetLines({ ...fleet, left_out: [] }, ink, chosen).slice(0, rows - 1);
  return [...lines, `  … and ${fleet.tasks.length - chosen.length} more`];
}

const RANKS = ['running', 'waiting', 'failed', 'timed_out', 'completed', 'cancelled', 'queued'];
const rankOf = ({ status }: FleetTask): number => RANKS.indexOf(status) + 1 || RANKS.length + 1;

function plainDisplay(output: Output, ink: Ink): ProgressDisplay {
  const told = new Set<string>();
  return {
    show(fleet) {
      // The places in the queue change with every task.
      const begun = fleet.tasks.filter(({ status }) => status !== 'queued');
      for (const line of [headLine(fleet, ink), ...fleetLines(fleet, ink, begun)]) {
        if (!told.has(line)) output.write(`${line}\n`);
        told.add(line);
      }
    },
    end: () => undefined,
  };
}
