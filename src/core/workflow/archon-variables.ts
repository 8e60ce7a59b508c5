/** Archon's variables, which Flotilla does not set: a prompt would keep the word, a command would read an empty text. */
const INSTEAD: Readonly<Record<string, { text: string; code: string }>> = {
  ARGUMENTS: both('Declare an input for each value: inputs: { version: { required: true } }.'),
  USER_MESSAGE: both('Declare an input for what a person says with the command.'),
  CONTEXT: both('Declare an input, or name the output of a node; texts of issues reach no agent here.'),
  EXTERNAL_CONTEXT: both('Declare an input; texts of issues reach no agent here.'),
  ISSUE_CONTEXT: both('Declare an input; texts of issues reach no agent here.'),
  WORKFLOW_ID: {
    text: 'Remove it; commands have the variable FLEET_ID.',
    code: 'Use FLEET_ID, the same in all repositories; with SERVICE_ID it names one task.',
  },
  ARTIFACTS_DIR: {
    text: 'Hand results on as outputs: {{nodes.id.output}}.',
    code: 'Use TMPDIR for files of this task, and print what must last.',
  },
  STATE_DIR: both('Remove it; runs share nothing. Keep what must last in the repository.'),
  DOCS_DIR: both('Write the folder, or declare an input for it.'),
  LOOP_USER_INPUT: both('Remove it; nobody answers between iterations. Put an approval after the loop.'),
  REJECTION_REASON: both('Remove it; name the output of the approval in a node after it.'),
};

const LOOP_PREVIOUS: { text: string; code: string } = {
  text: "Use {{loop.previous_output}}, the output of the iteration before; inner nodes' outputs are not kept.",
  code: "Use LOOP_PREVIOUS_OUTPUT; inner nodes' outputs are not kept, but files under TMPDIR are.",
};

function both(hint: string): { text: string; code: string } {
  return { text: hint, code: hint };
}

const NAMES = Object.keys(INSTEAD).join('|');
const LOOP = String.raw`\$(LOOP_PREV)\.[\w-]+\.output(?:\.[\w-]+)*`;
const DOLLAR = new RegExp(String.raw`${LOOP}|\$(?:\{(${NAMES})\}|(${NAMES})(?!\w))`, 'g');

export interface ArchonVariable {
  name: string;
  raw: string;
  offset: number;
  instead: { text: string; code: string };
}

/** `$NAME`, `${NAME}` and `$LOOP_PREV.node.output` in a text that no shell reads. */
export function* archonVariablesIn(text: string): Generator<ArchonVariable> {
  for (const { 0: raw, 1: loop, 2: braced, 3: bare, index } of text.matchAll(DOLLAR)) {
    const name = loop ?? braced ?? bare ?? '';
    yield { name, raw, offset: index, instead: loop === undefined ? insteadOf(name) : LOOP_PREVIOUS };
  }
}

/** Whether Archon sets this variable and Flotilla does not. */
export const isArchonVariable = (name: string): boolean => name === 'LOOP_PREV' || Object.hasOwn(INSTEAD, name);

export const insteadOf = (name: string): { text: string; code: string } => INSTEAD[name] ?? LOOP_PREVIOUS;
