import { isFleetId } from '../ids.ts';
import type { Command, FleetRequest } from '../request.ts';
import { decisionWords } from './decision-words.ts';
import { parseArguments } from './parse-arguments.ts';
import { quoteToken } from './quote-token.ts';
import { repositoryWords } from './repository-words.ts';
import { type Token, tokenize } from './tokenize.ts';
import { Unreadable } from './unreadable.ts';
import { VERBS, workflowName } from './words.ts';

/** A command, or what is wrong with it and what to write instead (safe Markdown). */
export type ParsedCommand = FleetRequest['command'];

/** Reads the line that findCommandLine found. `/fleet` alone asks for help. */
export function parseCommand(line: string): ParsedCommand {
  try {
    const [prefix, ...words] = tokenize(line);
    if (prefix?.text !== '/fleet') {
      throw new Unreadable('A command starts with `/fleet`.', 'Write `/fleet help` to see what there is.');
    }
    return { ok: true, command: readCommand(words) };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    const { message, hint } = error;
    return { ok: false, message, hint };
  }
}

function readCommand([first, ...rest]: readonly Token[]): Command {
  const verb = first?.text ?? 'help';
  switch (verb) {
    case 'help':
    case '--help':
    case '-h':
      refuseMore('help', rest);
      return { verb: 'help' };
    case 'list':
      refuseMore('list', rest);
      return { verb: 'list' };
    case 'approve':
    case 'reject':
      return { verb, ...decisionWords(verb, rest) };
    case 'retry':
    case 'publish':
    case 'undo':
      return { verb, ...repositoryWords(verb, rest) };
    case 'pause':
    case 'resume':
      return { verb, fleet: fleetOf(verb, rest) };
    case 'cancel':
    case 'status':
      return { verb, fleet: fleetOf(verb, rest) };
    case 'plan':
      return submit(rest, true);
    default:
      return submit([{ text: verb, literal: false }, ...rest], false);
  }
}

function submit([workflow, ...rest]: readonly Token[], plan: boolean): Command {
  const example = '`/fleet bump-shared-lib version=2.0`';
  if (workflow === undefined) {
    throw new Unreadable('`/fleet plan` needs the name of a workflow.', '`/fleet list` shows the workflows.');
  }
  if (VERBS.includes(workflow.text)) {
    throw new Unreadable(`\`${workflow.text}\` is a verb, not a workflow.`, '`/fleet list` shows the workflows.');
  }
  if (workflow.text.startsWith('-') || workflow.text.includes('=')) {
    throw new Unreadable(
      `The name of the workflow comes first, before ${quoteToken(workflow.text)}.`,
      `For example ${example}; \`/fleet list\` shows the workflows.`,
    );
  }
  const name = workflowName(workflow.text);
  const { inputs, flags } = parseArguments(rest);
  return { verb: 'submit', workflow: name, inputs, flags: { ...flags, plan: plan || flags.plan } };
}

function fleetOf(verb: string, words: readonly Token[]): string | null {
  const [fleet, ...rest] = words;
  if (fleet === undefined) return null;
  const id = fleet.text.toLowerCase();
  if (!isFleetId(id)) {
    throw new Unreadable(
      `${quoteToken(fleet.text)} is not the id of a fleet.`,
      `An id looks like \`f-abcd2345\` and stands in the tracking issue; there, \`/fleet ${verb}\` needs none.`,
    );
  }
  refuseMore(`${verb} ${id}`, rest);
  return id;
}

function refuseMore(command: string, [extra]: readonly Token[]): void {
  if (extra === undefined) return;
  throw new Unreadable(
    `\`/fleet ${command}\` takes nothing further, but ${quoteToken(extra.text)} follows.`,
    'Leave it out.',
  );
}
