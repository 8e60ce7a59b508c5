import { expect, test } from 'vitest';
import { findCommandLine } from '../../../src/core/command/find-command.ts';

const line = '/fleet bump version=2.0';

test.each([
  ['alone', line],
  ['with text behind it', `${line}\nplease`],
  ['after blank lines', `\n  \n\u00a0\n${line}`],
  ['with CRLF', `\r\n${line}\r\nthanks\r\n`],
  ['indented by up to three spaces', `   ${line}`],
  ['behind a byte order mark', `\ufeff${line}`],
  ['after a quote and a blank line', `> /fleet other\n\n${line}`],
  ['after an empty quote', `>\n${line}`],
  ['after a closed backtick fence', `\`\`\`sh\n/fleet other\n\`\`\`\n${line}`],
  ['after a closed tilde fence', `~~~ yaml title="x"\n/fleet other\n~~~~\n${line}`],
  ['after a fence whose shorter run does not close it', `\`\`\`\`\n\`\`\`\n/fleet other\n\`\`\`\`\n${line}`],
  ['after an indented block', `    /fleet other\n\n${line}`],
  ['with a tab before the name', line],
])('a command is found %s', (_, body) => {
  expect(findCommandLine(body)).toBe(line);
});

test.each([
  ['an empty comment', ''],
  ['a sentence before it', `Hello\n${line}`],
  ['a sentence in the same line', `Please ${line}`],
  ['another word that starts alike', '/fleets bump'],
  ['a hyphen behind the word', '/fleet-admin bump'],
  ['a path', '/fleet/bump'],
  ['another case', '/Fleet bump'],
  ['a quote', `> ${line}`],
  ['a nested quote', `> > ${line}`],
  ['a line that Markdown draws into the quote above it', `> look\n${line}`],
  ['a fence', `\`\`\`\n${line}\n\`\`\``],
  ['a fence with an info string', `\`\`\`sh\n${line}\n\`\`\``],
  ['a tilde fence', `~~~\n${line}\n~~~`],
  ['a fence that is never closed', `\`\`\`\nx\n\n${line}`],
  ['a fence closed by the other character only', `\`\`\`\n~~~\n${line}`],
  ['a fence whose closing line has text', `\`\`\`\n\`\`\` x\n${line}`],
  ['an indentation by four spaces', `    ${line}`],
  ['an indentation by a tab', `\t${line}`],
  ['an indentation by spaces and a tab', `  \t${line}`],
  ['an indentation by non-breaking spaces', `\u00a0\u00a0\u00a0\u00a0${line}`],
  ['a code span', `\`${line}\``],
  ['inline code that looks like a fence', `\`\`\` ${line} \`\`\`\n${line}`],
  ['a list item', `- ${line}`],
  ['an HTML comment before it', `<!-- note -->\n${line}`],
  ['an HTML comment around it', `<!--\n${line}\n-->`],
  ['a folded block around it', `<details>\n\n${line}\n</details>`],
])('%s is no command', (_, body) => {
  expect(findCommandLine(body)).toBeUndefined();
});

test('a huge comment is read at once', () => {
  const body = `${'> '.repeat(15_000)}\n${'`'.repeat(15_000)}\n${' '.repeat(30_000)}`;
  const started = performance.now();
  expect(findCommandLine(body)).toBeUndefined();
  expect(performance.now() - started).toBeLessThan(500);
});
