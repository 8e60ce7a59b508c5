import { randomUUID } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { type AgentContext, agent, methods, ndJsonStream, PROTOCOL_VERSION } from '@agentclientprotocol/sdk';
import { repair } from './sample/repair.ts';

/**
 * The demo's agent: a program with a script, no language model. It speaks the Agent Client Protocol on stdio, so that
 * the demo runs the same path as with a real agent, and says in every message what it is.
 */
const name = 'flotilla-scripted-agent';
const label = 'Scripted agent (no language model)';
/** Invented, so that the demo shows a cost; in US dollars. */
const pretendedCost = 0.02;

interface Session {
  cwd: string;
  cancelled: boolean;
}

const sessions = new Map<string, Session>();

agent({ name })
  .onRequest(methods.agent.initialize, () => ({
    protocolVersion: PROTOCOL_VERSION,
    agentInfo: { name, title: label, version: '1.0.0' },
    agentCapabilities: { loadSession: false },
    authMethods: [],
  }))
  .onRequest(methods.agent.authenticate, () => ({}))
  .onRequest(methods.agent.session.new, ({ params }) => {
    const sessionId = randomUUID();
    sessions.set(sessionId, { cwd: params.cwd, cancelled: false });
    return { sessionId };
  })
  .onNotification(methods.agent.session.cancel, ({ params }) => {
    const session = sessions.get(params.sessionId);
    if (session !== undefined) session.cancelled = true;
  })
  .onRequest(methods.agent.session.prompt, async ({ params, client }) => {
    const session = sessions.get(params.sessionId);
    if (session === undefined) throw new Error(`unknown session ${params.sessionId}`);
    session.cancelled = false;
    const text = await repairService(session, params.sessionId, client);
    await say(client, params.sessionId, `${label}: ${text} Its cost is invented.`);
    await client.notify(methods.client.session.update, {
      sessionId: params.sessionId,
      update: {
        sessionUpdate: 'usage_update',
        used: 1200,
        size: 200_000,
        cost: { amount: pretendedCost, currency: 'USD' },
      },
    });
    return { stopReason: session.cancelled ? 'cancelled' : 'end_turn' };
  })
  .connect(ndJsonStream(Writable.toWeb(process.stdout), Readable.toWeb(process.stdin)));

/** Repairs every source file that it can. @returns what it did, or why it did nothing, in one sentence. */
async function repairService(session: Session, sessionId: string, client: AgentContext): Promise<string> {
  const changed: string[] = [];
  for (const file of await sourceFiles(session.cwd)) {
    if (session.cancelled) return 'I was cancelled.';
    const before = await readFile(file, 'utf8');
    const outcome = repair(before);
    const path = relative(session.cwd, file);
    if (outcome.kind === 'beyond') return `I cannot repair ${path}: ${outcome.reason}.`;
    if (outcome.kind === 'nothing') continue;
    await writeFile(file, outcome.text);
    changed.push(path);
    await client.notify(methods.client.session.update, {
      sessionId,
      update: {
        sessionUpdate: 'tool_call',
        toolCallId: randomUUID(),
        title: `Adapt ${path} to @acme/shared 2.0`,
        kind: 'edit',
        status: 'completed',
        locations: [{ path: file }],
        content: [{ type: 'diff', path: file, oldText: before, newText: outcome.text }],
      },
    });
  }
  if (changed.length === 0) return 'I know one breakage only, and it is not here; I changed nothing.';
  return `formatMoney takes one object since 2.0; I adapted its calls in ${changed.join(', ')}.`;
}

/** Regular `.js` files below src/, never through a symbolic link. */
async function sourceFiles(cwd: string): Promise<string[]> {
  const entries = await readdir(join(cwd, 'src'), { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.js'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

async function say(client: AgentContext, sessionId: string, text: string): Promise<void> {
  await client.notify(methods.client.session.update, {
    sessionId,
    update: { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } },
  });
}
