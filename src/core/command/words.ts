import { nearest } from '../nearest.ts';
import { MAX_NAME_LENGTH } from '../workflow/rules/names.ts';
import { quoteToken } from './quote-token.ts';
import { Unreadable } from './unreadable.ts';

/** Every verb: none of these can be a workflow's name. */
export const VERBS: readonly string[] = [
  'plan',
  'approve',
  'reject',
  'cancel',
  'retry',
  'pause',
  'resume',
  'publish',
  'undo',
  'status',
  'help',
  'list',
];

const LONGEST_VALUE_BYTES = 8 * 1024;

/** Returns the name when a workflow can have it; else throws Unreadable. */
export function workflowName(name: string): string {
  if (!/^[a-z0-9][a-z0-9._-]*$/.test(name) || name.length > MAX_NAME_LENGTH) {
    const verb = VERBS.find((known) => known === name.toLowerCase());
    throw new Unreadable(
      `${quoteToken(name)} cannot be a workflow's name.`,
      `${verb === undefined ? '' : `Did you mean \`/fleet ${verb}\`? `}Names have small letters, digits, \`.\`, \`_\` and \`-\`, start with a letter or digit and have at most ${MAX_NAME_LENGTH} characters. \`/fleet list\` shows the workflows.`,
    );
  }
  return name;
}

/** Returns the name when an input can have it; else throws Unreadable. */
export function inputName(name: string): string {
  if (!/^[a-z][a-z0-9_]*$/.test(name) || name.length > MAX_NAME_LENGTH) {
    throw new Unreadable(
      `${quoteToken(name)} cannot be an input's name.`,
      "Inputs' names have small letters, digits and `_` and start with a letter: `version=2.0`.",
    );
  }
  return name;
}

/** Returns the value when it may travel on: at most 8 KiB of UTF-8 without control characters; else throws Unreadable. */
export function checkedValue(of: string, value: string): string {
  // A lone surrogate has no UTF-8 form: two different values would become the same bytes.
  if (/\p{Cc}/u.test(value) || !value.isWellFormed()) {
    throw new Unreadable(
      `The value of ${quoteToken(of)} contains a control character: ${quoteToken(value)}.`,
      'Values are one line of text, without tabs and other control characters.',
    );
  }
  const bytes = new TextEncoder().encode(value).length;
  if (bytes > LONGEST_VALUE_BYTES) {
    throw new Unreadable(
      `The value of ${quoteToken(of)} has ${bytes} bytes.`,
      `A value has at most ${LONGEST_VALUE_BYTES} bytes; put longer text into a file of the control repository.`,
    );
  }
  return value;
}

/** `Did you mean ...?` when a known name is near, else the whole list. */
export function suggestion(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  return near === undefined ? `Known are ${known.map(quoteToken).join(', ')}.` : `Did you mean ${quoteToken(near)}?`;
}
