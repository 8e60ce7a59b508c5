import type { Plan } from '../plan.ts';

/** A longer command would not be read, and could not be copied from a cut one. */
const COMMAND_LIMIT = 1_000;

/** `version=2.0 note="two words"`, in declared order of the inputs. */
export function inputsText(inputs: Readonly<Record<string, string>>): string {
  return Object.entries(inputs)
    .map(([key, value]) => `${key}=${quoted(value)}`)
    .join(' ');
}

/** The command that asks for this plan; undefined when it is too long to be shown whole. */
export function submitCommand(plan: Plan, extra: readonly string[] = []): string | undefined {
  const flags = [plan.flags.draft ? '--draft' : '', plan.flags.again ? '--again' : '', ...extra];
  const words = ['/fleet', plan.workflow.name, inputsText(plan.inputs), ...new Set(flags)];
  const command = words.filter((word) => word !== '').join(' ');
  return command.length <= COMMAND_LIMIT ? command : undefined;
}

function quoted(value: string): string {
  return /^[^\s"'`]+$/.test(value) ? value : `"${value.replaceAll('"', '\\"')}"`;
}
