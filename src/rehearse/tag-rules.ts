import picomatch from 'picomatch';
import { RehearseError } from './options.ts';

/** Topics of a repository by `--tag <glob>=<tag>` rules. Throws RehearseError for a rule that is none. */
export function topicsByRules(rules: readonly string[], repository: string): string[] {
  return rules.flatMap((rule) => {
    const at = rule.indexOf('=');
    if (at < 1 || at === rule.length - 1) {
      throw new RehearseError(
        `--tag takes <glob>=<tag>, for example --tag "service-*=platform:my-app"; got ${JSON.stringify(rule)}`,
      );
    }
    const matches = picomatch(rule.slice(0, at), { dot: true, nocase: true })(repository);
    return matches ? [topicOf(rule.slice(at + 1))] : [];
  });
}

/** The topic that stands for a tag: GitHub's topics have no colon. */
function topicOf(tag: string): string {
  const topic = tag.toLowerCase().replaceAll(':', '-');
  if (!/^[a-z0-9][a-z0-9-]{0,49}$/.test(topic)) {
    throw new RehearseError(
      `${JSON.stringify(tag)} cannot be a topic: a topic is a-z, 0-9 and -, at most 50 characters.`,
    );
  }
  return topic;
}
