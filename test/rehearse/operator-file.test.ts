import { expect, test } from 'vitest';
import { parseOperatorSettings } from '../../src/core/settings/parse-settings.ts';
import { operatorFile, splitCommand } from '../../src/rehearse/operator-file.ts';
import { RehearseError } from '../../src/rehearse/options.ts';

test.each([
  ['opencode acp', ['opencode', 'acp']],
  ['  opencode   acp ', ['opencode', 'acp']],
  ['"/my tools/agent" --model \'a b\'', ['/my tools/agent', '--model', 'a b']],
  ['agent --title="two words" x', ['agent', '--title=two words', 'x']],
  ['agent "it\'s" \'say "hi"\'', ['agent', "it's", 'say "hi"']],
  ['agent "" end', ['agent', '', 'end']],
  ['agent $HOME *.js a\\b', ['agent', '$HOME', '*.js', 'a\\b']],
])('%j is split at spaces outside of quotes, and nothing is expanded', (line, words) => {
  expect(splitCommand(line)).toEqual(words);
});

test.each(['', '   '])('%j is no command line', (line) => {
  expect(() => splitCommand(line)).toThrow(RehearseError);
  expect(() => splitCommand(line)).toThrow('--agent "opencode acp"');
});

test.each(['agent "half', "agent it's"])('%j has a quote that is never closed', (line) => {
  expect(() => splitCommand(line)).toThrow(RehearseError);
  expect(() => splitCommand(line)).toThrow('never closed');
});

test('the file is one that the app accepts: no approvals, workspaces kept, the agent as default', () => {
  expect(parseOperatorSettings(operatorFile('"/my tools/agent" acp'), 'operator.yml')).toMatchObject({
    ok: true,
    value: {
      keepWorkspaces: 'all',
      disk: { workspacesBytes: 1000 * 1024 ** 4, mirrorsBytes: 1000 * 1024 ** 4 },
      defaultAgent: 'rehearsal',
      agents: { rehearsal: { command: '/my tools/agent', args: ['acp'] } },
    },
  });
  expect(parseOperatorSettings(operatorFile(null), 'operator.yml')).toMatchObject({ ok: true, value: { agents: {} } });
});
