import type { FleetWatch, WatchedFleet } from '../ports/fleet-watch.ts';
import type { GivenCommand } from './give-command.ts';
import { RehearseError } from './options.ts';
import { waitsForPerson } from './progress.ts';

const POLL_MS = 200;

/**
 * Follows the fleet until its tracking issue tells its end, or until `signal` aborts. With `once` a fleet that waits for
 * a person is followed until its tracking issue can be read: nobody will approve its plan, let it go on or decide what its nodes ask.
 * Throws RehearseError with the app's answer when the command started no fleet.
 */
export async function followFleet(options: {
  watch: FleetWatch;
  command: GivenCommand;
  appEnded: Promise<string>;
  signal: AbortSignal;
  once: boolean;
  onChange: (fleet: WatchedFleet) => void;
}): Promise<WatchedFleet | undefined> {
  let died: string | undefined;
  void options.appEnded.then((how) => {
    died = how;
  });
  for (;;) {
    const fleet = (await options.watch.fleets()).at(-1);
    if (fleet !== undefined) options.onChange(fleet);
    if (fleet?.settled) return fleet;
    if (options.once && fleet !== undefined && waitsForPerson(fleet)) return fleet;
    if (died !== undefined) throw new RehearseError(`The app is gone: ${died}.`);
    if (options.signal.aborted) return fleet;
    if (fleet === undefined) await refuseAnswered(options);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** The answer is asked for first: one that belongs to a fleet comes after the fleet. */
async function refuseAnswered({ command, watch }: { command: GivenCommand; watch: FleetWatch }): Promise<void> {
  const answer = (await command.answers()).at(-1);
  if (answer === undefined || (await watch.fleets()).length > 0) return;
  const hint = /`default_agent`/.test(answer) ? `\n\n${AGENT_HINT}` : '';
  throw new RehearseError(
    `The command started nothing. The answer on ${command.url}:\n\n${withoutMarker(answer)}${hint}`,
  );
}

const AGENT_HINT =
  "In a rehearsal the agent comes from the command line: add --agent '<command>', for example --agent 'opencode acp'.";

const withoutMarker = (body: string): string => body.replace(/^<!--[^\n]*-->\n/, '');
