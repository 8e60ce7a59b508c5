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

const AGENT = { command: '/my tools/agent', args: ['acp'], read: ['/my tools'] };

test('the file is one that the app accepts: no approvals, workspaces kept, the agent as default', () => {
  expect(parseOperatorSettings(operatorFile(AGENT), 'operator.yml')).toMatchObject({
    ok: true,
    value: {
      keepWorkspaces: 'all',
      disk: { workspacesBytes: 1000 * 1024 ** 4, mirrorsBytes: 1000 * 1024 ** 4 },
      defaultAgent: 'rehearsal',
      sandbox: 'optional',
      agents: { rehearsal: AGENT },
    },
  });
  expect(parseOperatorSettings(operatorFile(null), 'operator.yml')).toMatchObject({ ok: true, value: { agents: {} } });
});

test("an operator's agents and their box are taken, and the command line's agent goes before them", () => {
  const written = {
    agents: { opencode: { command: 'opencode', args: ['acp'] }, other: { command: 'other' } },
    default_agent: 'opencode',
    box: { network: ['npm.example.com'] },
    sandbox: 'required',
  };
  const box = expect.objectContaining({ network: ['npm.example.com'] });
  expect(parseOperatorSettings(operatorFile(null, written), 'operator.yml')).toMatchObject({
    ok: true,
    value: { agents: { opencode: { command: 'opencode' } }, defaultAgent: 'opencode', sandbox: 'required', box },
  });
  expect(parseOperatorSettings(operatorFile(AGENT, written), 'operator.yml')).toMatchObject({
    ok: true,
    value: { agents: { opencode: { command: 'opencode' }, rehearsal: AGENT }, defaultAgent: 'rehearsal', box },
  });
});
