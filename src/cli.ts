import { Command, InvalidArgumentError, Option } from 'commander';
import type { AgentsCheckFlags } from './cli/agents-check.ts';
import type { BackupFlags, RestoreFlags } from './cli/backup.ts';
import type { DoctorFlags } from './cli/doctor/run-doctor.ts';
import type { LogsFlags } from './cli/logs.ts';
import type { PlanFlags } from './cli/plan.ts';
import type { ValidateFlags } from './cli/validate.ts';
import { CommandError } from './local-github/command-error.ts';
import { RehearseError } from './rehearse/options.ts';

// Keys, tokens and copies of private repositories: what this process and its children write is their owner's alone.
process.umask(0o077);

// Whoever reads may have seen enough, as `head` has: the exit status still says how it went.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error) => {
    if (!('code' in error) || error.code !== 'EPIPE') throw error;
  });
}

// Each command loads what it needs: servers take longer to load than a file to validate.
const program = new Command('fleet')
  .description('Org-wide maintenance: one command, one pull request per repository, one tracking issue.')
  .showHelpAfterError('(fleet --help shows what there is)');

program
  .command('rehearse')
  .description('Run a workflow over copies of the git repositories in a folder, against a local GitHub')
  .argument('<folder>', 'a folder that holds git repositories; they are never touched')
  .argument('<workflow>', "a workflow's name, or the path of its file")
  .argument('[words...]', 'inputs as key=value, and flags of the command after --')
  .addOption(
    new Option('--tag <glob=tag>', 'repositories whose name matches carry the tag').argParser(collect).default([]),
  )
  .option('--agent <command>', 'command line of the ACP agent for agent nodes')
  .option('--settings <file>', "take agents, default_agent, box and sandbox of an operator's file")
  .option('--once', 'end when the fleet has ended', false)
  .option('--json', 'print the result as one JSON object', false)
  .option('--data <folder>', 'keep everything here (default: a new temporary folder)')
  .option('--port <port>', 'of the local GitHub (default: any)', port, 0)
  .action(async (folder: string, workflow: string, words: string[], flags: RehearseFlags) => {
    const { runRehearsal } = await import('./cli/rehearsal.ts');
    process.exitCode = await runRehearsal({ ...flags, folder, workflow, words });
  });

program
  .command('demo')
  .description('Rehearse the bundled workflow bump-shared-lib on a generated sample organization')
  .option('--once', 'end when the fleet has ended', false)
  .option('--json', 'print the result as one JSON object', false)
  .option('--data <folder>', 'keep everything here (default: a new temporary folder)')
  .option('--port <port>', 'of the local GitHub (default: any)', port, 0)
  .action(async (flags: Omit<RehearseFlags, 'tag' | 'agent' | 'settings'>) => {
    const { runDemo } = await import('./cli/demo.ts');
    process.exitCode = await runDemo(flags);
  });

program
  .command('plan')
  .description('Show in which repositories of a folder a workflow would run, and which of its nodes; run nothing')
  .argument('<workflow>', "a workflow's name, or the path of its file")
  .argument('[words...]', 'inputs as key=value, and flags of the command after --')
  .requiredOption('--on <folder>', 'a folder that holds git repositories; they are only read')
  .addOption(
    new Option('--tag <glob=tag>', 'repositories whose name matches carry the tag').argParser(collect).default([]),
  )
  .addOption(
    new Option('--stub <node.property=value>', 'what a node comes to: output, exit_code (0-255) or status')
      .argParser(collect)
      .default([]),
  )
  .option('--json', 'print the plan as one JSON object', false)
  .action(async (workflow: string, words: string[], flags: Omit<PlanFlags, 'workflow' | 'words'>) => {
    const { runPlan } = await import('./cli/plan.ts');
    await runPlan({ ...flags, workflow, words });
  });

program
  .command('validate')
  .description('Check workflow files: every fault with its line and what to do')
  .argument('[files...]', 'workflow files, or folders of them (default: .github/fleet)')
  .option('--json', 'print the faults as one JSON array', false)
  .option('--warnings', 'with --json: warnings too', false)
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .action(async (files: string[], flags: ValidateFlags) => {
    const { runValidate } = await import('./cli/validate.ts');
    process.exitCode = await runValidate(files, flags);
  });

const agents = program.command('agents').description("The operator's agents");
agents
  .command('check')
  .description('Start each agent of the settings in its box and say what it is; no model is asked, so it costs nothing')
  .option('--settings <file>', "the operator's file (default: FLEET_SETTINGS)")
  .option('--json', 'print what they are as one JSON object', false)
  .action(async (flags: AgentsCheckFlags) => {
    const { runAgentsCheck } = await import('./cli/agents-check.ts');
    process.exitCode = await runAgentsCheck(flags);
  });

program
  .command('logs')
  .description('Print what the nodes of a task wrote, and what its agents were asked, said and did')
  .argument('[task...]', "a task's id, or a fleet's id and a repository; without one: what there is")
  .option('--node <id>', 'only this node, with those inside of it')
  .option('--attempt <n>', 'an earlier attempt (default: the last one)', attempt)
  .option('--data <folder>', 'the data directory (default: FLEET_DATA_DIR, or ./data)')
  .option('--json', 'print one JSON object', false)
  .option('--raw', 'print the files as they are: of agents JSON lines', false)
  .action(async (words: string[], flags: LogsFlags) => {
    const { runLogs } = await import('./cli/logs.ts');
    process.exitCode = await runLogs(words, flags);
  });

program
  .command('backup')
  .description('Copy the database of the data directory, while its server runs or not')
  .argument('<folder or file>', 'outside of the data directory; in a folder the file is named by the time')
  .option('--data <folder>', 'the data directory (default: FLEET_DATA_DIR, or ./data)')
  .option('--force', 'replace the file if there is one', false)
  .option('--json', 'print one JSON object', false)
  .action(async (to: string, flags: BackupFlags) => {
    const { runBackup } = await import('./cli/backup.ts');
    process.exitCode = await runBackup(to, flags);
  });

program
  .command('restore')
  .description('Put a backup into a data directory that has no database; nothing is ever overwritten')
  .argument('<file>', 'what `fleet backup` wrote')
  .option('--data <folder>', 'the data directory (default: FLEET_DATA_DIR, or ./data)')
  .option('--json', 'print one JSON object', false)
  .action(async (from: string, flags: RestoreFlags) => {
    const { runRestore } = await import('./cli/backup.ts');
    process.exitCode = await runRestore(from, flags);
  });

program
  .command('doctor')
  .description('Look whether everything that the server needs is in order, and say what to do; nothing is changed')
  .option('--json', 'print the findings as one JSON object', false)
  .action(async (flags: DoctorFlags) => {
    const { runDoctor } = await import('./cli/doctor/run-doctor.ts');
    process.exitCode = await runDoctor(flags);
  });

program
  .command('local-github')
  .description('Serve the part of GitHub that Flotilla uses, on this machine alone')
  .requiredOption('--data <folder>', 'where its state is kept')
  .option('--port <port>', 'to listen on', port, 8888)
  .option('--seed <file>', 'YAML that says which organizations, people and repositories there are')
  .action(async (flags: { data: string; port: number; seed?: string }) => {
    const { runLocalGitHub } = await import('./local-github/command.ts');
    await runLocalGitHub({ data: flags.data, port: flags.port, seedFile: flags.seed }, (line) => console.log(line));
  });

interface RehearseFlags {
  tag: string[];
  agent?: string;
  settings?: string;
  once: boolean;
  json: boolean;
  data?: string;
  port: number;
}

function collect(value: string, before: string[]): string[] {
  return [...before, value];
}

function attempt(value: string): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= 1) return number;
  throw new InvalidArgumentError('It is a number from 1 on.');
}

function port(value: string): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= 0 && number <= 65_535) return number;
  throw new InvalidArgumentError('It is a number from 0 to 65535.');
}

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof RehearseError || error instanceof CommandError) console.error(error.message);
  else console.error(error);
  process.exitCode = 1;
}
