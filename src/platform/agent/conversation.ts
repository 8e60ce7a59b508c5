import type { Readable, Writable } from 'node:stream';
import { client, methods } from '@agentclientprotocol/sdk';
import type { AgentResult } from '../../ports/agent.ts';
import { type Hears, openStream } from './agent-stream.ts';
import { openSession, type SessionRequest, step } from './open-session.ts';
import { answerPermission } from './permission-policy.ts';
import type { SessionFacts } from './session-facts.ts';

export interface ConversationEvents extends Pick<Hears, 'onUpdate' | 'onMessage'> {
  /** A request for permission and what was answered. */
  onPermission(request: unknown, answer: unknown): void;
  onReady(agent: unknown): void;
  /** The prompt is sent now: from here on the session can cost something. */
  onPrompt(): void;
}

export interface Conversation {
  /** The agent's stop reason. Rejects with an Error that says what went wrong. */
  stopReason: Promise<Exclude<AgentResult['stopReason'], 'timed_out' | 'idle' | 'not_configured' | 'error'>>;
  /** Asks the agent to stop; it answers the prompt with `cancelled`. */
  cancel(): void;
  /** Until then updates still arrive: some agents report their cost after the answer. */
  close(): void;
}

/** One session with one prompt. */
export function converse(
  pipes: { stdin: Writable; stdout: Readable },
  request: SessionRequest & { prompt: string },
  facts: SessionFacts,
  events: ConversationEvents,
): Conversation {
  let cancelled = false;
  let cancelSession = (): void => undefined;

  const app = client({ name: 'flotilla' }).onRequest(methods.client.session.requestPermission, ({ params }) => {
    // The protocol wants every open request answered with `cancelled` once the turn is cancelled.
    const answer = cancelled ? ({ outcome: { outcome: 'cancelled' } } as const) : answerPermission(params.options);
    events.onPermission(params, answer);
    return answer;
  });

  const onUpdate: Hears['onUpdate'] = (update) => {
    facts.update(update);
    events.onUpdate(update);
  };
  const connection = app.connect(openStream(pipes, { onUpdate, onAnswer: facts.hear, onMessage: events.onMessage }));
  const { agent } = connection;

  async function talk(): Promise<Awaited<Conversation['stopReason']>> {
    const sessionId = await openSession(agent, request, facts, events.onReady);
    if (cancelled) return 'cancelled';
    cancelSession = () => {
      // The agent may be gone already, which the waiting prompt reports.
      agent.notify(methods.agent.session.cancel, { sessionId }).catch(() => undefined);
    };
    events.onPrompt();
    const answer = await step(request.secrecy, 'answer the prompt', () =>
      agent.request(methods.agent.session.prompt, { sessionId, prompt: [{ type: 'text', text: request.prompt }] }),
    );
    return answer.stopReason;
  }

  return {
    stopReason: talk(),
    close: () => connection.close(),
    cancel() {
      cancelled = true;
      cancelSession();
    },
  };
}
