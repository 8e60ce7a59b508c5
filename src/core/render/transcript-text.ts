/** What an agent was asked, said and did, as people read it. */
import { indented } from './list-item.ts';
import { redact } from './redact.ts';
import { clip, plainLine } from './safe-text.ts';
import { cleanLines } from './terminal-text.ts';
import { parseTranscript, type ToolCall, type TranscriptLine, toolContent } from './transcript-lines.ts';

/** Of one result of a tool; whole files are read by agents. */
const RESULT_LIMIT = 2_000;
const TITLE_LIMIT = 300;

/**
 * Readable lines of a transcript's JSON lines, without control characters and secrets.
 * @param whole false: `jsonl` is the end of a file
 */
export function transcriptText(jsonl: string, { whole }: { whole: boolean }): string {
  const parts: string[] = [];
  const titles = new Map<string, string>();
  let open: { speaker: string; messageId: string | null; text: string } | null = null;
  const close = (): void => {
    const said = open === null ? '' : clean(open.text);
    if (open !== null && said !== '') parts.push(`${open.speaker}:\n${indented(said)}`);
    open = null;
  };
  for (const line of parseTranscript(jsonl, whole)) {
    const piece = pieceOf(line);
    if (piece === null) {
      close();
      const part = partOf(line, titles);
      if (part !== '') parts.push(part);
    } else if (open !== null && open.speaker === piece.speaker && open.messageId === piece.messageId) {
      open.text += piece.text;
    } else {
      close();
      open = piece;
    }
  }
  close();
  return parts.join('\n');
}

/** Messages come in pieces; null: this is none. */
function pieceOf(line: TranscriptLine): { speaker: string; messageId: string | null; text: string } | null {
  if (line.kind !== 'update') return null;
  const { update } = line;
  switch (update.sessionUpdate) {
    case 'agent_message_chunk':
    case 'agent_thought_chunk':
    case 'user_message_chunk':
      return {
        speaker: SPEAKERS[update.sessionUpdate],
        messageId: update.messageId ?? null,
        text: update.content.text,
      };
    case 'tool_call':
    case 'tool_call_update':
    case 'plan':
      return null;
  }
}

const SPEAKERS = {
  agent_message_chunk: 'agent',
  agent_thought_chunk: 'agent thinks',
  user_message_chunk: 'user',
} as const;

/** Empty: nothing of it is worth a line. `titles`: of the tool calls so far, by their ids. */
function partOf(line: TranscriptLine, titles: Map<string, string>): string {
  switch (line.kind) {
    case 'prompt':
      return `prompt:\n${indented(clean(line.text))}`;
    case 'agent': {
      const info = line.agent.agentInfo;
      return info == null ? '' : `started: ${oneLine(`${info.name} ${info.version}`)}`;
    }
    case 'permission': {
      const { outcome, optionId } = line.answer.outcome;
      return `permission: ${oneLine(line.asked.toolCall.title ?? 'a tool')} → ${oneLine(optionId ?? outcome)}`;
    }
    case 'stop': {
      const message = line.message ?? '';
      return `stopped: ${oneLine(line.stopReason)}${message === '' ? '' : `\n${indented(clean(message))}`}`;
    }
    case 'end':
      return oneLine(line.reason);
    case 'update':
      return updateText(line.update, titles);
  }
}

function updateText(
  update: Extract<TranscriptLine, { kind: 'update' }>['update'],
  titles: Map<string, string>,
): string {
  switch (update.sessionUpdate) {
    case 'tool_call':
    case 'tool_call_update':
      return toolText(update, titles);
    case 'plan': {
      const entries = update.entries.map(
        ({ content, status }) => `  ${status === 'completed' ? '✓' : '·'} ${oneLine(content)}`,
      );
      return entries.length === 0 ? '' : ['plan:', ...entries].join('\n');
    }
    case 'agent_message_chunk':
    case 'agent_thought_chunk':
    case 'user_message_chunk':
      return '';
  }
}

/** A call where it begins, and what came of it where it ends; what is told in between is left out. */
function toolText(call: ToolCall, titles: Map<string, string>): string {
  const isNew = !titles.has(call.toolCallId);
  const title = oneLine(call.title ?? titles.get(call.toolCallId) ?? 'a tool');
  titles.set(call.toolCallId, title);
  const isOver = call.status === 'completed' || call.status === 'failed';
  if (!isNew && !isOver) return '';
  const kind = call.kind == null ? 'tool' : oneLine(call.kind);
  const paths = (call.locations ?? []).map(({ path }) => oneLine(path)).filter((path) => !title.includes(path));
  const head = `${kind}: ${[title, ...paths].join(' ')}${isOver ? ` → ${call.status}` : ''}`;
  const results = isOver ? toolContent(call.content) : [];
  return [
    isNew ? head : `→ ${call.status}: ${title}`,
    ...results.map((result) => indented(clip(clean(result), RESULT_LIMIT))),
  ]
    .filter((part) => part.trim() !== '')
    .join('\n');
}

const oneLine = (text: string): string => plainLine(text, TITLE_LIMIT);

/** Each by itself: the beginning of a key hides what follows it, and would hide all that the agent did afterwards. */
const clean = (text: string): string => redact(cleanLines(text)).trim();
