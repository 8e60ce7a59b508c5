import { extname } from 'node:path';
import { lintSource } from '@secretlint/core';
import { secretLintProfiler } from '@secretlint/profiler';
import { searchableText, shapedSecrets, withLines } from '../../core/secrets.ts';
import type { FoundSecret, LeavingText } from '../../ports/secrets.ts';
import { rules } from './rules.ts';

// It would keep what it measures of every file for as long as the thread lives.
secretLintProfiler.setEnabled(false);

type Message = Awaited<ReturnType<typeof lintSource>>['messages'][number];

/** By the rule set and by our own shapes; takes as long as it takes, so only `scan-thread.ts` calls it. */
export async function searchText({ path, content }: LeavingText): Promise<FoundSecret[]> {
  const text = searchableText(content);
  const linted = await lintSource({
    source: { filePath: path, ext: extname(path), content: text, contentType: 'text' },
    options: { config: { rules }, noPhysicFilePath: true },
  });
  const found = linted.messages.map((message) => {
    const value = secretOf(message, text);
    return { kind: kindOf(message, value), index: message.range[0], value };
  });
  // Each value once: it is the value that is new or not, and a text can repeat one a million times.
  const distinct = new Map([...found, ...shapedSecrets(text)].map((one) => [one.value, one]));
  return withLines(text, [...distinct.values()]).map(({ line, kind, value }) => ({ path, line, kind, value }));
}

/** Ranges of some rules end too early; the value itself is among the data of the message. */
function secretOf({ data, range }: Message, text: string): string {
  const values = Object.values(data ?? {}).filter((value) => typeof value === 'string');
  const inText = values.filter((value) => text.includes(value)).sort((a, b) => b.length - a.length);
  return inText[0] ?? text.slice(...range);
}

/** "found Slack token: <value>" without the value. */
function kindOf({ message, ruleId }: Message, value: string): string {
  const said = message.replace(/^found /, '').replace(/:[\s\S]*$/, '');
  const kind = said.includes(value) ? ruleId.replace(/^.*-rule-/, '') : said;
  return `${/^(?:[aeiou]|npm)/i.test(kind) ? 'an' : 'a'} ${kind}`;
}
