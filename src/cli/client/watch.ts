import { constants } from 'node:os';
import { cleanLines } from '../../core/render/terminal-text.ts';
import type { Fleet } from './answers.ts';
import { exitStatusOf } from './exit-status.ts';
import { follow } from './follow.ts';
import { progressDisplay } from './progress-display.ts';
import { inkOf, say, sayJson, tell } from './say.ts';
import type { Answered, Server } from './server.ts';

export interface WatchOptions {
  /** Nothing for people: `each`: one line of JSON a change; `last`: one JSON object at the end. */
  json: 'each' | 'last' | null;
  enough: (fleet: Fleet) => boolean;
}

/** Follows a fleet on the terminal. The exit status is that of its rollup, or of the signal that ended the watching. */
export async function watch(server: Server, id: string, { json, enough }: WatchOptions): Promise<number> {
  const stop = stopSignal();
  const display = json === null ? progressDisplay(process.stdout, inkOf(process.stdout)) : null;
  let last: Answered<Fleet> | undefined;
  try {
    await follow(
      server,
      id,
      enough,
      (answer) => {
        last = answer;
        display?.show(answer.body);
        if (json === 'each') sayJson(answer.raw);
      },
      {
        signal: stop.signal,
        onSilence: ({ message }) => tell(`${cleanLines(message)} Trying again; the fleet goes on meanwhile.`),
        now: () => performance.now(),
      },
    );
  } catch (error) {
    if (last !== undefined) tell(goesOn(id));
    throw error;
  } finally {
    display?.end();
  }
  const issue = last?.body.tracking_issue_url ?? null;
  if (json === null && issue !== null) say(`Tracking issue: ${cleanLines(issue)}`);
  if (json === 'last' && last !== undefined) sayJson(last.raw);
  const { number } = stop;
  if (number() !== 0) {
    tell(goesOn(id));
    return 128 + number();
  }
  return last === undefined ? 1 : exitStatusOf(last.body);
}

const goesOn = (id: string): string =>
  `The fleet ${id} goes on. \`fleet status ${id} --watch\` shows it again, \`fleet cancel ${id}\` ends it.`;

/** `number`: of the signal that came; 0: none. */
function stopSignal(): { signal: AbortSignal; number: () => number } {
  const controller = new AbortController();
  let came = 0;
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(name, () => {
      came = constants.signals[name];
      controller.abort();
    });
  }
  return { signal: controller.signal, number: () => came };
}
