import type { Readable, Writable } from 'node:stream';
import { ReadableStream, TransformStream, WritableStream } from 'node:stream/web';
import {
  type AnyMessage,
  client,
  methods,
  ndJsonStream,
  PROTOCOL_VERSION,
  RequestError,
} from '@agentclientprotocol/sdk';
import type { AgentResult } from '../../ports/agent.ts';
import { answerPermission } from './permission-policy.ts';
import type { Secrecy } from './secrecy.ts';
import { type SessionUpdate, sessionUpdateSchema } from './session-updates.ts';

/** JSON-RPC error with which an agent asks to be logged in: https://agentclientprotocol.com/protocol/v1/schema */
const AUTH_REQUIRED = -32000;

export interface ConversationEvents {
  onUpdate(update: SessionUpdate): void;
  /** A request for permission and what was answered. */
  onPermission(request: unknown, answer: unknown): void;
  onReady(agent: unknown): void;
  /** The prompt is sent now: from here on the session can cost something. */
  onPrompt(): void;
  /** Any message at all: the agent is alive. */
  onMessage(): void;
}

export interface Conversation {
  /** The agent's stop reason. Rejects with an Error that says what went wrong. */
  stopReason: Promise<Exclude<AgentResult['stopReason'], 'timed_out' | 'idle' | 'error'>>;
  /** Asks the agent to stop; it answers the prompt with `cancelled`. */
  cancel(): void;
  /** Until then updates still arrive: some agents report their cost after the answer. */
  close(): void;
}

/** One session with one prompt. No capability is advertised: the agent edits files itself, within its box. */
export function converse(
  pipes: { stdin: Writable; stdout: Readable },
  request: { cwd: string; prompt: string; version: string; secrecy: Secrecy },
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

  const connection = app.connect(openStream(pipes, events));
  const { agent } = connection;

  async function talk(): Promise<Awaited<Conversation['stopReason']>> {
    const ready = await step(request.secrecy, 'initialize', () =>
      agent.request(methods.agent.initialize, {
        protocolVersion: PROTOCOL_VERSION,
        clientCapabilities: { fs: { readTextFile: false, writeTextFile: false }, terminal: false },
        clientInfo: { name: 'flotilla', version: request.version },
      }),
    );
    events.onReady(ready);
    if (ready.protocolVersion !== PROTOCOL_VERSION) {
      throw new Error(`The agent speaks version ${ready.protocolVersion} of the protocol, not ${PROTOCOL_VERSION}.`);
    }
    const { sessionId } = await step(request.secrecy, 'open a session', () =>
      agent.request(methods.agent.session.new, { cwd: request.cwd, mcpServers: [] }),
    );
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

/** Updates are taken out here, in order and before the answer that follows them; the SDK drops those it does not know. */
function openStream(pipes: { stdin: Writable; stdout: Readable }, events: ConversationEvents) {
  const { writable, readable } = ndJsonStream(toWritableStream(pipes.stdin), toReadableStream(pipes.stdout));
  const tap = new TransformStream<AnyMessage, AnyMessage>({
    transform(message, controller) {
      events.onMessage();
      const update = sessionUpdateSchema.safeParse(message).data;
      if (update === undefined) controller.enqueue(message);
      else events.onUpdate(update.params.update);
    },
  });
  return { writable, readable: readable.pipeThrough(tap) };
}

/** By hand, as Writable.toWeb throws from a callback when the agent is gone before it has read everything. */
function toWritableStream(stdin: Writable): WritableStream<Uint8Array> {
  stdin.on('error', () => undefined);
  return new WritableStream<Uint8Array>({
    write: (chunk) =>
      new Promise((resolve, reject) => {
        stdin.write(chunk, (error) => (error ? reject(error) : resolve()));
      }),
    close: () => {
      stdin.end();
    },
  });
}

function toReadableStream(stdout: Readable): ReadableStream<Uint8Array> {
  let open = true;
  return new ReadableStream<Uint8Array>({
    start(controller) {
      const close = (): void => {
        if (open) controller.close();
        open = false;
      };
      stdout.on('data', (chunk: Buffer) => {
        if (!open) return;
        controller.enqueue(chunk);
        if ((controller.desiredSize ?? 1) <= 0) stdout.pause();
      });
      stdout.once('end', close);
      stdout.once('close', close);
      stdout.once('error', close);
    },
    pull() {
      stdout.resume();
    },
    cancel() {
      open = false;
      stdout.resume();
    },
  });
}

async function step<T>(secrecy: Secrecy, doing: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new Error(`The agent could not ${doing}: ${describe(error, secrecy)}`, { cause: error });
  }
}

function describe(error: unknown, secrecy: Secrecy): string {
  if (!(error instanceof RequestError)) return error instanceof Error ? error.message : String(error);
  const detail = error.data === undefined ? '' : ` ${secrecy.json(error.data).slice(0, 500)}`;
  const hint =
    error.code === AUTH_REQUIRED ? " Give its key in the agent's environment in the operator's settings." : '';
  return `${error.message} (${error.code})${detail}${hint}`;
}
