import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Argument, Command, Option } from 'commander';
import { createProgram } from '../../src/cli/program.ts';

export const CLI_FILE = join(import.meta.dirname, '..', '..', 'docs', 'cli.md');

const MARK =
  '<!-- Written by `npm run docs:workflow` from the commands themselves; a test fails when it is stale. -->\n';

/** The page as it is up to the mark, and below it every command as it describes itself. */
export function renderCliPage(): string {
  const [prose] = readFileSync(CLI_FILE, 'utf8').split(MARK);
  return `${prose}${MARK}\n${visible(createProgram())
    .flatMap((command) => sections(command, 'fleet'))
    .join('\n')}`;
}

const visible = (command: Command): Command[] =>
  [...command.createHelp().visibleCommands(command)].filter((inner) => inner.name() !== 'help');

function sections(command: Command, parent: string): string[] {
  const name = `${parent} ${command.name()}`;
  const inner = visible(command);
  if (inner.length > 0) return inner.flatMap((one) => sections(one, name));
  const words = command.registeredArguments.map(argumentText);
  const options = command.options.filter(({ hidden }) => !hidden);
  const items = [
    ...command.registeredArguments.map((one) => item(argumentText(one), one.description, choicesOf(one))),
    ...options.map((one) => item(one.flags, one.description, choicesOf(one))),
  ];
  const list = items.length === 0 ? [] : [...items, ''];
  return [`### \`${[name, ...words].join(' ')}\``, '', `${command.description()}.`, '', ...list];
}

function argumentText(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}

function choicesOf({ argChoices }: Argument | Option): string {
  return argChoices === undefined ? '' : ` (${argChoices.map((one) => `\`${one}\``).join(', ')})`;
}

// A list, as the formatter would pad a table's cells.
const item = (flags: string, description: string, choices: string): string =>
  `- \`${flags}\`: ${`${description}${choices}`.replaceAll('<', '&lt;').replaceAll('*', '\\*')}`;
