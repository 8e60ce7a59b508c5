import { Command } from 'commander';
import { addClient } from './commands/client.ts';
import { addCompletion } from './commands/completion.ts';
import { addOperating } from './commands/operating.ts';
import { addRehearsals } from './commands/rehearsals.ts';
import { addServer } from './commands/server.ts';
import { addTags } from './commands/tags.ts';
import { addVerbs } from './commands/verbs.ts';
import { addWorkflows } from './commands/workflows.ts';
import { VERSION } from './version.ts';

/** Every command there is. Each loads what it needs when it runs: servers take longer to load than a file to validate. */
export function createProgram(): Command {
  const program = new Command('fleet')
    .description('Org-wide maintenance: one command, one pull request per repository, one tracking issue.')
    .version(VERSION, '-V, --version', 'print the version')
    .showHelpAfterError('(fleet --help shows what there is)')
    // Of every command: 1 is for what was understood and did not go well.
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));
  addRehearsals(program);
  addWorkflows(program);
  addClient(program);
  addVerbs(program);
  addOperating(program);
  addServer(program);
  addTags(program);
  addCompletion(program);
  return program;
}
