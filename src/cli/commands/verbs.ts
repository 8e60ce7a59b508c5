import type { Command } from 'commander';
import type { LoginFlags } from '../client/login.ts';
import type { VerbFlags, VerdictFlags } from '../client/verbs.ts';
import { ofServer, run } from './of-server.ts';

/** What a person does to a fleet on a server, and `login` and `logout` to it. */
export function addVerbs(program: Command): void {
  verb(program, 'cancel', 'End what has not begun, and stop what runs and is not being pushed').action(
    async (id: string, flags: VerbFlags) => {
      const { runCancel } = await import('../client/verbs.ts');
      await run(() => runCancel(id, flags));
    },
  );
  for (const [name, description] of TURNS) {
    verb(program, name, description).action(async (id: string, flags: VerbFlags) => {
      const { runTurn } = await import('../client/verbs.ts');
      await run(() => runTurn(name, id, flags));
    });
  }
  for (const [name, description] of MEANT) {
    verb(program, name, description)
      .argument('[glob]', ONLY)
      .action(async (id: string, glob: string | undefined, flags: VerbFlags) => {
        const { runMeant } = await import('../client/verbs.ts');
        await run(() => runMeant(name, id, glob, flags));
      });
  }
  for (const [name, description] of VERDICTS) {
    verb(program, name, description)
      .argument('[glob]', ONLY)
      .option('--node <id>', 'only where this node asks')
      .option('--decision <id>', "one of those that the node offers (default: the verb's)")
      .option('--text <text>', 'one line that goes along with it')
      .action(async (id: string, glob: string | undefined, flags: VerdictFlags) => {
        const { runVerdict } = await import('../client/verbs.ts');
        await run(() => runVerdict(name, id, glob, flags));
      });
  }

  ofServer(program, 'login')
    .description("Get a token by GitHub's device flow and have git's credential helper keep it")
    .option('--yes', 'go on without asking whether the GitHub that the server names is yours', false)
    .action(async (flags: LoginFlags) => {
      const { runLogin } = await import('../client/login.ts');
      await run(() => runLogin(flags));
    });
  ofServer(program, 'logout')
    .description('Forget the token that `fleet login` kept')
    .action(async (flags: { server?: string }) => {
      const { runLogout } = await import('../client/login.ts');
      await run(() => runLogout(flags));
    });
}

const ONLY = 'only in repositories whose owner/name, or name, fits';

const TURNS = [
  ['pause', 'Let nothing of a fleet begin or be pushed'],
  ['resume', 'Go on after a pause'],
] as const;

const MEANT = [
  ['retry', 'Try again what failed, timed out or was cancelled'],
  ['publish', 'Push what a preview has prepared, and open its pull requests'],
  ['undo', 'Close the pull requests of an ended fleet and delete their branches'],
] as const;

const VERDICTS = [
  ['approve', 'Run a plan, let a held fleet go on, or answer what its nodes ask'],
  ['reject', 'Drop a plan or what is left of a held fleet, or answer what its nodes ask'],
] as const;

const verb = (program: Command, name: string, description: string): Command =>
  ofServer(program, name)
    .description(description)
    .argument('<fleet>', 'its id')
    .option('--json', 'print one JSON object, as the API gives it', false);
