import { setTimeout as wait } from 'node:timers/promises';
import type { AgentRequest, AgentResult, Agents } from '../../ports/agent.ts';
import type { Log } from '../../ports/log.ts';
import type { OpenBox, Sandbox } from '../../ports/sandbox.ts';
import { openBoundedFile } from '../process/bounded-file.ts';
import { createBoundedText } from '../process/bounded-text.ts';
import { after } from '../process/deadline.ts';
import { type ProcessGroup, startGroup } from '../process/process-group.ts';
import { atHome } from './at-home.ts';
import { type ConversationEvents, converse } from './conversation.ts';
import { watchLimits } from './limits.ts';
import { NotConfigured } from './open-session.ts';
import { createSecrecy, type Secrecy } from './secrecy.ts';
import { createSessionFacts, type SessionFacts } from './session-facts.ts';
import { createSessionCollector, type SessionUpdate } from './session-updates.ts';
import { createTranscript } from './transcript.ts';

export const TRANSCRIPT_BYTES = 20 * 1024 * 1024;
const STDERR_BYTES = 4 * 1024;
/** Between asking the agent to stop and killing it, so that the whole stays below two seconds. */
const CANCEL_GRACE_MS = 1000;
/** An agent that has answered may still report its cost while it ends. */
const EXIT_GRACE_MS = 500;

/** `onUpdate` says whether the agent may go on. */
type Events = Omit<ConversationEvents, 'onMessage' | 'onUpdate'> & { onUpdate(update: SessionUpdate): boolean };

type Ending = { stopReason: AgentResult['stopReason']; message: string | null };

/** Agents over the Agent Client Protocol on standard input and output. Never throws for what an agent does. */
export function createAgents({ sandbox, ...options }: AgentsOptions & { sandbox: Sandbox }): Agents {
  return {
    async run(request) {
      const box = await sandbox.open(request.box);
      try {
        return await runAgent(atHome(request, box), box, options);
      } finally {
        await box.close();
      }
    },
  };
}

interface AgentsOptions {
  log: Log;
  version: string;
}

async function runAgent(request: AgentRequest, box: OpenBox, { log, version }: AgentsOptions): Promise<AgentResult> {
  const session = createSessionCollector();
  const facts = createSessionFacts();
  if (request.signal.aborted) {
    const unknown = { tokens: null, agent: null, model: null };
    return { ...session.summary(), ...unknown, prompted: false, stopReason: 'cancelled', message: null };
  }
  const secrecy = createSecrecy(request);
  const file = openBoundedFile(request.transcriptFile, {
    maxBytes: TRANSCRIPT_BYTES,
    notice: JSON.stringify({ kind: 'end', reason: `The transcript reached ${TRANSCRIPT_BYTES} bytes.` }),
    onError: (error) => log.warn({ err: error, file: request.transcriptFile }, 'A transcript could not be written.'),
  });
  const transcript = createTranscript(file, secrecy);

  transcript.record('prompt', { text: request.prompt });
  const group = startGroup({
    ...request,
    enclose: box.enclose,
    stdin: 'pipe',
    onUnrecorded: (error) => log.warn({ err: error, file: request.pidsFile }, 'A process group could not be noted.'),
  });
  let exceeded: string | null = null;
  if (group.child?.pid !== undefined) {
    box.watch(group.child.pid, (what) => {
      exceeded = what;
      group.kill();
    });
  }
  let prompted = false;
  const ended = await follow({ ...request, version, secrecy }, group, facts, {
    onUpdate: (update) => {
      session.add(update);
      transcript.update(update);
      const { costUsd } = session.summary();
      // Nothing is also told of a model whose price the agent does not know: its worst case stays held.
      return costUsd === null || costUsd === 0 || update.sessionUpdate !== 'usage_update' || request.mayCost(costUsd);
    },
    onPrompt: () => {
      prompted = true;
    },
    onPermission: (asked, answer) => transcript.record('permission', { asked, answer }),
    onReady: (agent) => transcript.record('agent', { agent }),
  });
  const ending: Ending = exceeded === null ? ended : { stopReason: 'error', message: `The agent ${exceeded}.` };
  transcript.record('stop', ending);
  await transcript.close();
  const { text, costUsd } = session.summary();
  const { tokens, agent, model } = facts.summary();
  const shown = (said: string | null): string | null => (said === null ? null : secrecy.text(said));
  return {
    text: secrecy.text(text),
    costUsd,
    tokens,
    agent: shown(agent),
    model: shown(model),
    prompted,
    stopReason: ending.stopReason,
    message: shown(ending.message),
  };
}

/** Drives the conversation to its end, by whoever ends it first, and leaves no process behind. */
async function follow(
  request: AgentRequest & { version: string; secrecy: Secrecy },
  group: ProcessGroup,
  facts: SessionFacts,
  events: Events,
): Promise<Ending> {
  const { stdin, stdout, stderr } = group.child ?? {};
  if (!stdin || !stdout || !stderr) return { stopReason: 'error', message: (await group.ended).startError };
  const errors = createBoundedText(0, STDERR_BYTES);
  const spoken = request.secrecy.stream();
  stderr.setEncoding('utf8');
  // Before it is bounded, which could cut a secret so that nobody knows it any more.
  stderr.on('data', (chunk: string) => errors.add(Buffer.from(spoken.add(chunk))));

  const grace = new AbortController();
  const limits = watchLimits(request, () => {
    conversation.cancel();
    cancelGrace = after(CANCEL_GRACE_MS, () => grace.abort());
  });
  let cancelGrace = (): void => undefined;
  const conversation = converse({ stdin, stdout }, request, facts, {
    ...events,
    onUpdate: (update) => {
      if (!events.onUpdate(update)) limits.exceed();
    },
    onMessage: limits.touch,
  });
  const answered = await Promise.race([
    settle(conversation.stopReason),
    group.ended.then(() => delay(EXIT_GRACE_MS, SILENT_END)),
    whenAborted(grace.signal, SILENT_END),
  ]);
  limits.end();
  cancelGrace();

  const stopped = limits.stopped();
  if (stopped === null) {
    stdin.end();
    await Promise.race([group.ended, delay(EXIT_GRACE_MS, null)]);
  }
  group.kill();
  const end = await group.ended;
  conversation.close();
  errors.add(Buffer.from(spoken.rest()));
  if (stopped !== null) return { stopReason: stopped, message: null };
  if (answered.stopReason !== 'error') return answered;
  return { stopReason: 'error', message: end.startError ?? explain(answered.message, end, errors.text()) };
}

const SILENT_END: Ending = { stopReason: 'error', message: 'The agent ended before it answered.' };

async function settle(stopReason: Promise<AgentResult['stopReason']>): Promise<Ending> {
  try {
    return { stopReason: await stopReason, message: null };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { stopReason: error instanceof NotConfigured ? 'not_configured' : 'error', message };
  }
}

/** Does not keep the process alive: it only bounds a wait for something else. */
const delay = <T>(ms: number, value: T): Promise<T> => wait(ms, value, { ref: false });

const whenAborted = <T>(signal: AbortSignal, value: T): Promise<T> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(value), { once: true }));

function explain(
  message: string | null,
  end: { exitCode: number | null; signal: string | null },
  stderr: string,
): string {
  const status = end.exitCode === null ? '' : ` It ended with status ${end.exitCode}.`;
  const said = stderr.trim() === '' ? '' : `\nIts standard error ends with:\n${stderr.trim()}`;
  return `${message ?? 'The agent failed.'}${status}${said}`;
}
