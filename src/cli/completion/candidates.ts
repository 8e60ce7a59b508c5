import type { Argument, Command, Option } from 'commander';

interface Candidate {
  value: string;
  /** '' has none. */
  description: string;
}

export interface Candidates {
  candidates: Candidate[];
  /** Whether the shell's own names of files or folders fit as well. */
  paths: 'files' | 'folders' | null;
}

interface Position {
  command: Command;
  /** The option whose value comes next. */
  awaits: Option | null;
  /** Arguments of the command so far. */
  given: number;
  /** `--` was there: no options any more. */
  ended: boolean;
  /** After `help` names of commands come. */
  helps: boolean;
}

const NONE: Candidates = { candidates: [], paths: null };

/**
 * What can stand in the place of the last word. It looks at what the commands say of themselves, so that a new one needs
 * nothing here: a value called `<file>` or `<folder>` is completed by the shell.
 * @param words behind `fleet`; the last one is being typed, and may be ''
 * @param workflows names for arguments called `workflow`
 */
export function candidatesFor(program: Command, words: readonly string[], workflows: readonly string[]): Candidates {
  const current = words.at(-1) ?? '';
  let at: Position = { command: program, awaits: null, given: 0, ended: false, helps: false };
  for (const word of words.slice(0, -1)) at = after(at, word);
  const { command, awaits, ended } = at;
  if (awaits !== null) return startingWith(current, valuesOf(awaits));
  if (!ended && current.startsWith('-')) return optionsFor(command, current);
  if (at.given === 0 && command.commands.length > 0) return startingWith(current, commandsOf(command));
  if (at.helps) return NONE;
  const last = command.registeredArguments.at(-1);
  const argument = command.registeredArguments[at.given] ?? (last?.variadic === true ? last : undefined);
  return argument === undefined ? NONE : startingWith(current, argumentValues(argument, workflows));
}

function after(at: Position, word: string): Position {
  if (at.awaits !== null) return { ...at, awaits: null };
  if (word === '--') return { ...at, ended: true };
  if (!at.ended && word.startsWith('-')) {
    const option = at.command.options.find(({ long, short }) => long === word || short === word);
    return option === undefined || option.isBoolean() ? at : { ...at, awaits: option };
  }
  if (word === 'help' && at.given === 0 && at.command.commands.length > 0) return { ...at, helps: true };
  const inner = at.given === 0 ? at.command.commands.find((one) => isCalled(one, word)) : undefined;
  return inner === undefined ? { ...at, given: at.given + 1 } : { ...at, command: inner };
}

const isCalled = (command: Command, word: string): boolean =>
  command.name() === word || command.aliases().includes(word);

function optionsFor(command: Command, current: string): Candidates {
  const equals = current.indexOf('=');
  const options = command.createHelp().visibleOptions(command);
  if (equals >= 0) {
    const prefix = current.slice(0, equals + 1);
    const option = options.find(({ long }) => `${long}=` === prefix);
    if (option === undefined || option.isBoolean()) return NONE;
    const { candidates, paths } = startingWith(current.slice(equals + 1), valuesOf(option));
    return { candidates: candidates.map((one) => ({ ...one, value: `${prefix}${one.value}` })), paths };
  }
  const all = options.flatMap(({ long, short, description }) => {
    const value = long ?? short;
    return value === undefined ? [] : [{ value, description }];
  });
  return startingWith(current, { candidates: all, paths: null });
}

function commandsOf(command: Command): Candidates {
  const visible = command.createHelp().visibleCommands(command);
  return { candidates: visible.map((one) => ({ value: one.name(), description: one.description() })), paths: null };
}

function valuesOf({ flags, argChoices }: Option): Candidates {
  return { candidates: plain(argChoices ?? []), paths: pathsOf(/<(.+)>/.exec(flags)?.[1] ?? '') };
}

function argumentValues(argument: Argument, workflows: readonly string[]): Candidates {
  const name = argument.name();
  if (name === 'workflow') return { candidates: plain(workflows), paths: 'files' };
  return { candidates: plain(argument.argChoices ?? []), paths: pathsOf(name) };
}

/** `<folder or file>` is a file as well: shells offer folders among files. */
function pathsOf(called: string): Candidates['paths'] {
  if (/\bfiles?\b/.test(called)) return 'files';
  return /\bfolders?\b/.test(called) ? 'folders' : null;
}

const plain = (values: readonly string[]): Candidate[] => values.map((value) => ({ value, description: '' }));

function startingWith(current: string, { candidates, paths }: Candidates): Candidates {
  return { candidates: candidates.filter(({ value }) => value.startsWith(current)), paths };
}
