import { type Command, Option } from 'commander';
import { collect, port } from '../arguments.ts';

interface RehearseFlags {
  tag: string[];
  agent?: string;
  settings?: string;
  once: boolean;
  json: boolean;
  data?: string;
  port: number;
}

/** `rehearse`, `demo` and `local-github`: everything on this machine. */
export function addRehearsals(program: Command): void {
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
      const { runRehearsal } = await import('../rehearsal.ts');
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
      const { runDemo } = await import('../demo.ts');
      process.exitCode = await runDemo(flags);
    });

  program
    .command('local-github')
    .description('Serve the part of GitHub that Flotilla uses, on this machine alone')
    .requiredOption('--data <folder>', 'where its state is kept')
    .option('--port <port>', 'to listen on', port, 8888)
    .option('--seed <file>', 'YAML that says which organizations, people and repositories there are')
    .action(async (flags: { data: string; port: number; seed?: string }) => {
      const { runLocalGitHub } = await import('../../local-github/command.ts');
      await runLocalGitHub(
        { data: flags.data, port: flags.port, seedFile: flags.seed },
        (line) => void process.stdout.write(`${line}\n`),
      );
    });
}
