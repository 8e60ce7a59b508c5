import type { Command } from 'commander';
import type { TagsFlags } from '../tags/list-tags.ts';
import type { TagFlags } from '../tags/tag.ts';

/** `tags`, `tag` and `untag`: what selection looks at, asked and written as the person. */
export function addTags(program: Command): void {
  program
    .command('tags')
    .description('Show which topics and custom properties repositories carry')
    .argument('[repositories...]', 'as owner/name, or as name with --org')
    .option('--org <organization>', 'all of an organization, or the owner of names without one')
    .option('--match <glob>', 'with --org: those whose name matches')
    .option('--repos-file <file>', 'a text, CSV or YAML file of repositories; - reads standard input')
    .option('--json', 'print one JSON array', false)
    .action(async (repositories: string[], flags: TagsFlags) => {
      const { runTags } = await import('../tags/list-tags.ts');
      process.exitCode = await told(() => runTags(repositories, flags));
    });

  for (const action of ['tag', 'untag'] as const) {
    program
      .command(action)
      .description(
        action === 'tag'
          ? 'Give repositories a tag, as a topic or a custom property'
          : 'Take a tag away from repositories: that topic, or that value of a custom property',
      )
      .argument('<tag>', 'as selectors write it: `platform:my-app` is the topic platform-my-app')
      .argument('[repositories...]', 'as owner/name, or as name with --org')
      .option('--org <organization>', 'whose repositories --match means, or the owner of names without one')
      .option('--match <glob>', "with --org: the organization's repositories whose name matches")
      .option('--repos-file <file>', 'a text, CSV or YAML file of repositories; - reads standard input')
      .option('--property', 'the custom property instead of the topic', false)
      .option('--plan', 'show what would change, and change nothing', false)
      .option('--yes', 'do not ask, even for more than 25 repositories', false)
      .option('--json', 'print one JSON object', false)
      .action(async (tag: string, repositories: string[], flags: TagFlags) => {
        const { runTag } = await import('../tags/tag.ts');
        process.exitCode = await told(() => runTag(action, tag, repositories, flags));
      });
  }
}

/** What the person can put right goes to standard error, without a stack. */
async function told(run: () => Promise<number>): Promise<number> {
  const { tellTagsError } = await import('../tags/tell-tags-error.ts');
  return run().catch(tellTagsError);
}
