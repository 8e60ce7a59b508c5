import { type Command, Option } from 'commander';
import type { FleetStatus } from '../../core/status.ts';
import { collect, count } from '../arguments.ts';
import type { ListFlags } from '../client/list.ts';
import type { StatusFlags } from '../client/status.ts';
import type { SubmitFlags } from '../client/submit.ts';
import { ofServer, run } from './of-server.ts';

const FLEET_STATUSES: readonly FleetStatus[] = [
  'planned',
  'running',
  'waiting',
  'completed',
  'partial',
  'failed',
  'cancelled',
];
const MOST_PARALLEL = 1000;
const MOST_LISTED = 10_000;

/** `submit`, `status`, `list` and `open`: for who starts fleets on a server and follows them. */
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
    .option('--parallel <n>', 'tasks at once', count(MOST_PARALLEL))
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

  ofServer(program, 'list')
    .description('List the fleets of the control repositories that you can write to, newest first')
    .option('--workflow <name>', 'only of this workflow')
    .addOption(new Option('--status <status>', 'only with this status').choices(FLEET_STATUSES))
    .option('--control <owner/repo>', 'only of this control repository')
    .option('--limit <n>', 'how many at most', count(MOST_LISTED), 30)
    .option('--json', 'print one JSON array, as the API gives it', false)
    .action(async (flags: ListFlags) => {
      const { runList } = await import('../client/list.ts');
      await run(() => runList(flags));
    });

  ofServer(program, 'open')
    .description("Open a fleet's tracking issue in the browser, or print its address")
    .argument('<fleet>', 'its id')
    .action(async (id: string, flags: { server?: string }) => {
      const { runOpen } = await import('../client/open.ts');
      await run(() => runOpen(id, flags));
    });
}

const list = (flags: string, description: string): Option =>
  new Option(flags, description).argParser(collect).default([], 'none');
