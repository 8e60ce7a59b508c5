import { parseCommand } from '../command/parse-command.ts';
import type { Plan } from '../plan.ts';
import { plainLine } from './safe-text.ts';

/** A longer command would not be read, and could not be copied from a cut one. */
const COMMAND_LIMIT = 1_000;

/** `version=2.0 note="two words"`, in declared order of the inputs. */
export function inputsText(inputs: Readonly<Record<string, string>>): string {
  return Object.entries(inputs)
    .map(([key, value]) => `${key}=${quoted(value)}`)
    .join(' ');
}

/** The command that asks for this plan; undefined when it is too long to be shown whole, or cannot be written. */
export function submitCommand(plan: Plan, extra: readonly string[] = []): string | undefined {
  const { flags } = plan;
  const lists = (['tag', 'match', 'repo', 'exclude'] as const).flatMap((name) =>
    flags[name].map((value) => `--${name} ${quoted(value)}`),
  );
  const parallel = flags.parallel === null ? [] : [`--parallel ${flags.parallel}`];
  const switches = [
    flags.draft ? '--draft' : '',
    flags.again ? '--again' : '',
    flags.preview ? '--preview' : '',
    ...extra,
  ];
  const words = ['/fleet', plan.source.name, inputsText(plan.inputs), ...lists, ...parallel, ...new Set(switches)];
  const command = words.filter((word) => word !== '').join(' ');
  return command.length <= COMMAND_LIMIT && isReadBack(command, plan) ? command : undefined;
}

/**
 * Whether the command asks for this plan when it is copied from a page, where spaces fall together and what looks like a
 * credential is hidden: some values cannot be written on one line.
 */
function isReadBack(command: string, { source, inputs, flags }: Plan): boolean {
  const read = parseCommand(plainLine(command, COMMAND_LIMIT));
  if (!read.ok || read.command.verb !== 'submit') return false;
  const asked = (name: string, given: Plan['inputs'], { tag, match, repo, exclude }: Plan['flags']): string =>
    JSON.stringify([name, Object.entries(given), tag, match, repo, exclude]);
  return asked(read.command.workflow, read.command.inputs, read.command.flags) === asked(source.name, inputs, flags);
}

/** The grammar knows no escapes: a value has one kind of straight quotes around it, of which it holds none. */
function quoted(value: string): string {
  if (/^(?![−\p{Pd}])[^\s"'`“”„‟‘’‚‛]+$/u.test(value)) return value;
  return value.includes('"') ? `'${value}'` : `"${value}"`;
}
