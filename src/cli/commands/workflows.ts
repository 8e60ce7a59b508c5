import { type Command, Option } from 'commander';
import { collect } from '../arguments.ts';
import type { PlanFlags } from '../plan.ts';
import type { ValidateFlags } from '../validate.ts';

/** `plan` and `validate`: for who writes workflows. */
export function addWorkflows(program: Command): void {
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
      const { runPlan } = await import('../plan.ts');
      await runPlan({ ...flags, workflow, words });
    });

  program
    .command('validate')
    .description('Check workflow files: every fault with its line and what to do')
    .argument('[files...]', 'workflow files, or folders of them (default: .github/fleet)')
    .option('--json', 'print the faults as one JSON array', false)
    .option('--warnings', 'with --json: warnings too', false)
    .action(async (files: string[], flags: ValidateFlags) => {
      const { runValidate } = await import('../validate.ts');
      process.exitCode = await runValidate(files, flags);
    });
}
