import { Argument, type Command } from 'commander';
import { SHELLS } from '../completion/scripts.ts';

/** `completion`, and `complete`, which the scripts ask at every Tab. */
export function addCompletion(program: Command): void {
  program
    .command('completion')
    .description('Print the script that completes `fleet` in a shell')
    .addArgument(new Argument('<shell>', 'which one').choices(SHELLS))
    .action(async (shell: (typeof SHELLS)[number]) => {
      const { completionScript } = await import('../completion/scripts.ts');
      process.stdout.write(completionScript(shell));
    });

  program
    .command('complete', { hidden: true })
    .argument('[words...]')
    .action(async (words: string[]) => {
      const { candidateLines } = await import('../completion/candidate-lines.ts');
      process.stdout.write(await candidateLines(program, words));
    });
}
