import type { Command } from 'commander';
import type { AgentsCheckFlags } from '../agents-check.ts';
import { attempt } from '../arguments.ts';
import type { LogsFlags } from '../logs.ts';
import { run } from './of-server.ts';

/** `agents check` and `logs`: for who runs a server. */
export function addOperating(program: Command): void {
  const agents = program.command('agents').description("The operator's agents");
  agents
    .command('check')
    .description(
      'Start each agent of the settings in its box and say what it is; no model is asked, so it costs nothing',
    )
    .option('--settings <file>', "the operator's file (default: FLEET_SETTINGS)")
    .option('--json', 'print what they are as one JSON object', false)
    .action(async (flags: AgentsCheckFlags) => {
      const { runAgentsCheck } = await import('../agents-check.ts');
      process.exitCode = await runAgentsCheck(flags);
    });

  program
    .command('logs')
    .description('Print what the nodes of a task wrote, and what its agents were asked, said and did')
    .argument('[task...]', "a task's id, or a fleet's id and a repository; without one: what there is")
    .option('--node <id>', 'only this node, with those inside of it')
    .option('--attempt <n>', 'an earlier attempt (default: the last one)', attempt)
    .option('--server <url>', 'ask this Flotilla server (default: FLEET_URL, where it is set and --data is not given)')
    .option('--data <folder>', 'read this data directory (default: FLEET_DATA_DIR, or ./data)')
    .option('--json', 'print one JSON object', false)
    .option('--raw', 'print the files as they are: of agents JSON lines', false)
    .action(async (words: string[], flags: LogsFlags & { server?: string }) => {
      if (await isOfServer(flags)) {
        const { runServerLogs } = await import('../client/logs.ts');
        await run(() => runServerLogs(words, flags));
        return;
      }
      const { runLogs } = await import('../logs.ts');
      process.exitCode = await runLogs(words, flags);
    });
}

async function isOfServer({ data, server }: { data?: string; server?: string }): Promise<boolean> {
  if (data !== undefined || server !== undefined) return data === undefined;
  const { clientEnvironment } = await import('../../config.ts');
  return clientEnvironment().server !== null;
}
