import type { ChildProcess } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { client } from '@agentclientprotocol/sdk';
import type { AgentRequest } from '../../ports/agent.ts';
import type { OpenBox, Sandbox } from '../../ports/sandbox.ts';
import { createBoundedText } from '../process/bounded-text.ts';
import { startGroup } from '../process/process-group.ts';
import { openStream } from './agent-stream.ts';
import { atHome } from './at-home.ts';
import { openSession } from './open-session.ts';
import { createSecrecy, type Secrecy } from './secrecy.ts';
import { createSessionFacts, type SessionFacts, type SessionSelf } from './session-facts.ts';

const STDERR_BYTES = 2 * 1024;
/** Between the last message of an agent that goes and its end, which says why. */
const LAST_WORDS_MS = 1000;

export type CheckRequest = Pick<
  AgentRequest,
  'command' | 'args' | 'cwd' | 'env' | 'variables' | 'box' | 'model' | 'timeoutMs' | 'signal' | 'pidsFile' | 'secrets'
>;

/** What an agent is and can; everything without the operator's secrets. */
export interface CheckedAgent extends Omit<SessionSelf, 'tokens'> {
  /** null: it opened a session, with the model that the settings ask for. */
  problem: { what: string; kind: 'not_found' | 'silent' | 'other' } | null;
}

/**
 * Starts an agent in its box and opens a session, without a prompt: no model is asked, so it costs nothing. Never throws for
 * what the agent does, and leaves no process behind.
 */
export async function checkAgent(sandbox: Sandbox, request: CheckRequest, version: string): Promise<CheckedAgent> {
  const facts = createSessionFacts();
  const secrecy = createSecrecy(request);
  const box = await sandbox.open(request.box);
  try {
    const problem = await meet(atHome(request, box), box, { facts, secrecy, version });
    const { tokens: _, ...self } = facts.summary();
    const clean = (texts: readonly string[]): string[] => texts.map(secrecy.text);
    return {
      ...self,
      agent: self.agent === null ? null : secrecy.text(self.agent),
      model: self.model === null ? null : secrecy.text(self.model),
      models: clean(self.models),
      modes: clean(self.modes),
      logins: clean(self.logins),
      problem: problem === null ? null : { ...problem, what: secrecy.text(problem.what) },
    };
  } finally {
    await box.close();
  }
}

async function meet(
  request: CheckRequest,
  box: OpenBox,
  { facts, secrecy, version }: { facts: SessionFacts; secrecy: Secrecy; version: string },
): Promise<CheckedAgent['problem']> {
  const group = startGroup({ ...request, enclose: box.enclose, stdin: 'pipe', onUnrecorded: () => undefined });
  const errors = boundedErrors(group.child, secrecy);
  const { stdin, stdout } = group.child ?? {};
  try {
    if (!stdin || !stdout) return { what: (await group.ended).startError ?? 'It did not start.', kind: 'not_found' };
    const hears = { onUpdate: facts.update, onAnswer: facts.hear, onMessage: () => undefined };
    const { agent } = client({ name: 'flotilla' }).connect(openStream({ stdin, stdout }, hears));
    const opening = openSession(agent, { ...request, version, secrecy }, facts, () => undefined).then(
      () => null,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    const cut = new AbortController();
    const late = wait(request.timeoutMs, SILENT, { signal: AbortSignal.any([request.signal, cut.signal]) });
    const gone = group.ended.then(() => wait(LAST_WORDS_MS, ENDED));
    const first = await Promise.race([opening, late.catch(() => SILENT), gone]);
    cut.abort();
    if (first === null) return null;
    if (first === SILENT) {
      const what = `It did not open a session within ${request.timeoutMs / 1000} s.${errors()}`;
      return { what, kind: 'silent' };
    }
    const end = await Promise.race([group.ended, wait(LAST_WORDS_MS, null)]);
    const status = end === null || end.exitCode === null ? '' : ` It ended with status ${end.exitCode}.`;
    const isMissing = end !== null && (end.exitCode === CANNOT_START || end.startError !== null);
    const said = typeof first === 'string' ? first : 'The agent ended before it opened a session.';
    return {
      what: end?.startError ?? `${said.replace(/\.?$/, '.')}${status}${errors()}`,
      kind: isMissing ? 'not_found' : 'other',
    };
  } finally {
    group.kill();
    await group.ended;
  }
}

const SILENT = Symbol('silent');
const ENDED = Symbol('ended');
/** What a shell, and prlimit, answers for a command that it cannot find. */
const CANNOT_START = 127;

function boundedErrors(child: ChildProcess | null, secrecy: Secrecy): () => string {
  const errors = createBoundedText(0, STDERR_BYTES);
  const spoken = secrecy.stream();
  child?.stderr?.setEncoding('utf8');
  // Before it is bounded, which could cut a secret so that nobody knows it any more.
  child?.stderr?.on('data', (chunk: string) => errors.add(Buffer.from(spoken.add(chunk))));
  return () => {
    errors.add(Buffer.from(spoken.rest()));
    const text = errors.text().trim();
    return text === '' ? '' : `\nIts standard error ends with:\n${text}`;
  };
}
