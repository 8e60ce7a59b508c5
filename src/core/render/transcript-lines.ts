import { z } from 'zod';

/**
 * A transcript as a session of an agent left it, one JSON object a line: the agent chose most of what is in it, so that
 * every part is read by itself, and what is unknown or broken is skipped.
 */
const prompt = z.object({ kind: z.literal('prompt'), text: z.string() });
const agent = z.object({
  kind: z.literal('agent'),
  agent: z.object({ agentInfo: z.object({ name: z.string(), version: z.string() }).nullish() }),
});
const stop = z.object({ kind: z.literal('stop'), stopReason: z.string(), message: z.string().nullish() });
const end = z.object({ kind: z.literal('end'), reason: z.string() });
const permission = z.object({
  kind: z.literal('permission'),
  asked: z.object({ toolCall: z.object({ title: z.string().nullish() }) }),
  answer: z.object({ outcome: z.object({ outcome: z.string(), optionId: z.string().optional() }) }),
});

const text = z.object({ type: z.literal('text'), text: z.string() });
const chunk = z.object({
  sessionUpdate: z.enum(['agent_message_chunk', 'agent_thought_chunk', 'user_message_chunk']),
  messageId: z.string().nullish(),
  content: text,
});
const toolCall = z.object({
  sessionUpdate: z.enum(['tool_call', 'tool_call_update']),
  toolCallId: z.string(),
  title: z.string().nullish().catch(null),
  kind: z.string().nullish().catch(null),
  status: z.string().nullish().catch(null),
  content: z.array(z.unknown()).nullish().catch(null),
  locations: z
    .array(z.object({ path: z.string() }))
    .nullish()
    .catch(null),
});
const plan = z.object({
  sessionUpdate: z.literal('plan'),
  entries: z.array(z.object({ content: z.string(), status: z.string().nullish() })),
});
const update = z.object({ kind: z.literal('update'), update: z.union([chunk, toolCall, plan]) });

const line = z.union([prompt, agent, stop, end, permission, update]);
export type TranscriptLine = z.infer<typeof line>;
export type ToolCall = z.infer<typeof toolCall>;

const said = z.object({ type: z.literal('content'), content: text });
const changed = z.object({ type: z.literal('diff'), path: z.string() });

/** What a tool call brought: texts, and files that it changed. */
export function toolContent(content: ToolCall['content']): string[] {
  return (content ?? []).flatMap((part) => {
    const told = said.safeParse(part).data;
    if (told !== undefined) return [told.content.text];
    const file = changed.safeParse(part).data;
    return file === undefined ? [] : [`changed ${file.path}`];
  });
}

/** @param whole false: it is the end of a file, whose first line may have lost its beginning */
export function parseTranscript(jsonl: string, whole: boolean): TranscriptLine[] {
  const rows = jsonl.split('\n');
  return (whole ? rows : rows.slice(1)).flatMap((row) => {
    const parsed = line.safeParse(jsonOf(row));
    return parsed.success ? [parsed.data] : [];
  });
}

function jsonOf(row: string): unknown {
  try {
    return JSON.parse(row);
  } catch {
    return undefined;
  }
}
