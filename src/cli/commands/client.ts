import { type Command, Option } from 'commander';
import { collect, parallel } from '../arguments.ts';
import type { StatusFlags } from '../client/status.ts';
import type { SubmitFlags } from '../client/submit.ts';

/** Commands that ask a server: for who starts and follows fleets. */
export function addClient(program: Command): void {
  ofServer(program, 'submit')
    .description('Start a fleet on a server, as `/fleet <workflow> key=value …` in a comment does')
    .argument('[words...]', 'inputs as key=value')
    .requiredOption('--workflow <name>', "the workflow's name")
    .option('--control <owner/repo>', 'the control repository (default: FLEET_CONTROL, or where `origin` is)')
    .option('--repos-file <file>', 'the repositories: a text, CSV or YAML; `-` reads standard input')
    .addOption(list('--repo <owner/repo>', 'a repository'))
    .addOption(list('--tag <tag>', 'a tag that every repository has'))
    .addOption(list('--match <glob>', 'repositories whose owner/name fits'))
    .addOption(list('--exclude <glob>', 'leave out those that fit'))
    .option('--parallel <n>', 'tasks at once', parallel)
    .option('--plan', 'stop at the plan, which an approval then runs', false)
    .option('--preview', 'run everything and push nothing', false)
    .option('--draft', 'open pull requests as drafts', false)
    .option('--again', 'also where a person closed the pull request before', false)
    .option('--idempotency-key <key>', 'the same key never starts a second fleet')
    .option('--wait', 'follow it until it ends, or until only a person can let it go on', false)
    .option('--json', 'print one JSON object, as the API gives it', false)
    .action(async (words: string[], flags: SubmitFlags) => {
      const { runSubmit } = await import('../client/submit.ts');
      await run(() => runSubmit(words, flags));
    });

  ofServer(program, 'status')
    .description('Show where a fleet stands')
    .argument('<fleet>', 'its id, such as f-2345abcd')
    .option('--watch', 'follow it until it ends; the exit status tells how', false)
    .option('--json', 'print JSON as the API gives it; with --watch one line a change', false)
    .action(async (id: string, flags: StatusFlags) => {
      const { runStatus } = await import('../client/status.ts');
      await run(() => runStatus(id, flags));
    });
}

/** A wrong command line has the exit status 2, as what a fleet came to has the others. */
function ofServer(program: Command, name: string): Command {
  return program
    .command(name)
    .option('--server <url>', 'address of the Flotilla server (default: FLEET_URL)')
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));
}

const list = (flags: string, description: string): Option =>
  new Option(flags, description).argParser(collect).default([], 'none');

async function run(command: () => Promise<number>): Promise<void> {
  const { runClient } = await import('../client/session.ts');
  process.exitCode = await runClient(command);
}
