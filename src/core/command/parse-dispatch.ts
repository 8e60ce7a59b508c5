import { z } from 'zod';
import type { Command } from '../request.ts';
import { inputWords, listWords } from './json-words.ts';
import { NO_FLAGS } from './parse-arguments.ts';
import { quoteToken } from './quote-token.ts';
import { Unreadable } from './unreadable.ts';
import { suggestion, VERBS, workflowName } from './words.ts';

export type ParsedDispatch =
  | { ok: true; command: Command; idempotencyKey: string | null }
  | { ok: false; message: string; hint: string };

const oneOrMore = (name: string) =>
  z
    .union([z.string(), z.array(z.string())], { error: `\`${name}\` is not a text or a list of texts.` })
    .transform((value) => (typeof value === 'string' ? [value] : value))
    .default([]);

const payloadSchema = z.strictObject(
  {
    workflow: z.string({ error: '`workflow` is missing or not a text.' }),
    inputs: z.unknown().optional(),
    tag: oneOrMore('tag'),
    match: oneOrMore('match'),
    repo: oneOrMore('repo'),
    idempotency_key: z
      .string({ error: '`idempotency_key` is not a text.' })
      .regex(/^[\x21-\x7e]{1,200}$/, {
        error: '`idempotency_key` is not 1 to 200 printable ASCII characters without spaces.',
      })
      .nullable()
      .default(null),
  },
  { error: (issue) => (issue.code === 'invalid_type' ? '`client_payload` is not an object.' : undefined) },
);

const EXAMPLE = 'Send `client_payload: {"workflow": "bump-shared-lib", "inputs": {"version": "2.0"}}`.';
const KEYS: readonly string[] = Object.keys(payloadSchema.shape);

/**
 * Reads the `client_payload` of a `repository_dispatch` with `event_type: fleet` into the command that a comment
 * would give. Numbers and booleans become texts as JSON writes them, so `2.0` arrives as `2`: send it as a text.
 */
export function parseDispatch(payload: unknown): ParsedDispatch {
  try {
    return { ok: true, ...readPayload(payload) };
  } catch (error) {
    if (error instanceof Unreadable) return { ok: false, message: error.message, hint: error.hint };
    throw error;
  }
}

function readPayload(payload: unknown): { command: Command; idempotencyKey: string | null } {
  const parsed = payloadSchema.safeParse(payload);
  if (!parsed.success) throw unreadable(parsed.error.issues[0]);
  const { workflow, inputs, tag, match, repo, idempotency_key: idempotencyKey } = parsed.data;
  if (VERBS.includes(workflow)) {
    throw new Unreadable(
      `${quoteToken(workflow)} is a verb of the commands, not a workflow.`,
      'A dispatch starts workflows only; give verbs as a comment on the tracking issue.',
    );
  }
  return {
    command: {
      verb: 'submit',
      workflow: workflowName(workflow),
      inputs: inputWords(inputs, EXAMPLE),
      flags: {
        ...NO_FLAGS,
        tag: listWords('tag', tag),
        match: listWords('match', match),
        repo: listWords('repo', repo),
      },
    },
    idempotencyKey,
  };
}

function unreadable(issue: z.core.$ZodIssue | undefined): Unreadable {
  if (issue?.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? '';
    return new Unreadable(`${quoteToken(key)} is not a key of \`client_payload\`.`, suggestion(key, KEYS));
  }
  return new Unreadable(issue?.message ?? '`client_payload` cannot be read.', EXAMPLE);
}
