import type { Plan } from '../plan.ts';

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
  const switches = [flags.draft ? '--draft' : '', flags.again ? '--again' : '', ...extra];
  const words = ['/fleet', plan.source.name, inputsText(plan.inputs), ...lists, ...parallel, ...new Set(switches)];
  const command = words.filter((word) => word !== '').join(' ');
  const writable = Object.values(plan.inputs).every((value) => !(value.includes('"') && value.includes("'")));
  return writable && command.length <= COMMAND_LIMIT ? command : undefined;
}

/** The grammar knows no escapes: a value has one kind of quotes around it, of which it holds none. */
function quoted(value: string): string {
  if (/^[^\s"'`]+$/.test(value)) return value;
  return value.includes('"') ? `'${value}'` : `"${value}"`;
}
