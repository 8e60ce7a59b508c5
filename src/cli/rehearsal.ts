import { join } from 'node:path';
import { createLogUpdate } from 'log-update';
import { childPath } from '../config.ts';
import { createBundledWorkflows } from '../platform/bundled-workflows.ts';
import type { WatchedFleet } from '../ports/fleet-watch.ts';
import type { RehearseOptions } from '../rehearse/options.ts';
import {
  progressLines,
  waitsAtGate,
  waitsForApproval,
  waitsForDecision,
  waitsForResume,
} from '../rehearse/progress.ts';
import { type Rehearsal, rehearse } from '../rehearse/rehearse.ts';
import { resultOf } from '../rehearse/result.ts';
import { openReads } from '../store/sqlite/open.ts';
import { watchFleets } from '../store/watch-fleets.ts';
import { rehearsalSandbox, rehearsalSettings, withoutSandbox } from './rehearsal-settings.ts';

export type RehearsalFlags = Omit<RehearseOptions, 'agent' | 'data' | 'tags' | 'settings' | 'sandbox'> & {
  tag: readonly string[];
  agent?: string;
  /** An operator's file. */
  settings?: string;
  /** What else the person should know at the beginning. */
  notice?: string;
  data?: string;
};

/** Exit status: 0 when the fleet ended, whatever its rollup; 1 when it did not, also because it waits for a person. */
export async function runRehearsal(flags: RehearsalFlags): Promise<number> {
  const { tag, agent = null, data = null, settings: file = null, notice, ...rest } = flags;
  const settings = file === null ? null : await rehearsalSettings(file);
  const sandbox = await rehearsalSandbox(settings?.written.sandbox);
  // First, so that nobody overlooks it.
  if (!sandbox.boxed) process.stderr.write(`${withoutSandbox(sandbox)}\n`);
  if (notice !== undefined) process.stderr.write(`${notice}\n`);
  const stop = stopSignal();
  const show = display(flags.json);
  const rehearsal = await rehearse(
    { ...rest, tags: tag, agent, data, settings, sandbox },
    {
      bundled: createBundledWorkflows(join(import.meta.dirname, '..', '..', 'workflows')),
      openWatch: async (dataDir) => watchFleets(await openReads({ file: join(dataDir, 'flotilla.db') })),
      path: childPath(),
      say: (line) => process.stderr.write(`${line}\n`),
      onChange: show.change,
      signal: stop,
    },
    async (running) => {
      show.done();
      if (flags.json && running.fleet) print(JSON.stringify(resultOf(running.fleet, running.gitHubUrl, sandbox)));
      if (!flags.json) tellWhere(running);
      if (flags.once && running.fleet) tellWaits(running.fleet);
      if (flags.once || stop.aborted) return;
      process.stderr.write('Everything stays up until Ctrl-C.\n');
      await aborted(stop);
    },
  );
  return rehearsal.fleet?.settled ? 0 : 1;
}

function tellWhere({ fleet, gitHubUrl, folder }: Rehearsal): void {
  print('');
  if (fleet?.trackingIssueUrl) print(`Tracking issue  ${fleet.trackingIssueUrl}`);
  print(`Pull requests   ${gitHubUrl}/pulls`);
  print(`Workspaces      ${join(folder, 'app', 'workspaces')}`);
  print(`Logs            npx fleet logs --data ${folder} <task>`);
  print(`The app's log   ${join(folder, 'app.log')}`);
}

function tellWaits(fleet: WatchedFleet): void {
  const told = (waits: string, how: string): void => {
    process.stderr.write(
      `The fleet ${fleet.id} waits for ${waits}, and --once does not wait. Leave out --once and ${how}.\n`,
    );
  };
  if (waitsForApproval(fleet)) {
    told('an approval', "comment `/fleet approve` on its tracking issue's page, or leave out --plan");
  } else if (waitsForResume(fleet)) {
    told('a person to resume it', "comment `/fleet resume` on its tracking issue's page");
  } else if (waitsAtGate(fleet)) {
    told('a person to let it go on', "comment on its tracking issue's page what is shown there");
  } else if (waitsForDecision(fleet)) {
    const nodes = new Set(fleet.tasks.flatMap(({ question }) => question?.node ?? []));
    told(`a decision about ${[...nodes].join(', ')}`, "comment on its tracking issue's page what is shown there");
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** A live table on a terminal; elsewhere a line for every change. */
function display(json: boolean): { change(fleet: WatchedFleet): void; done(): void } {
  if (json) return { change: () => undefined, done: () => undefined };
  if (process.stdout.isTTY) {
    const update = createLogUpdate(process.stdout);
    return { change: (fleet) => update(progressLines(fleet).join('\n')), done: () => update.done() };
  }
  const told = new Set<string>();
  return {
    change(fleet) {
      for (const line of progressLines(fleet)) {
        if (!told.has(line)) print(line);
        told.add(line);
      }
    },
    done: () => undefined,
  };
}

function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => controller.abort());
  return controller.signal;
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
