import { type ClientContext, methods, PROTOCOL_VERSION, RequestError } from '@agentclientprotocol/sdk';
import type { Secrecy } from './secrecy.ts';
import { cleanName, type SessionFacts } from './session-facts.ts';

/** JSON-RPC error with which an agent asks to be logged in: https://agentclientprotocol.com/protocol/v1/schema */
const AUTH_REQUIRED = -32000;
const MOST_SHOWN = 20;

/** What the operator's settings ask for is not what this agent can do; trying again changes nothing. */
export class NotConfigured extends Error {
  override readonly name = 'NotConfigured';
}

export interface SessionRequest {
  cwd: string;
  /** Of Flotilla. */
  version: string;
  /** As the agent names it; null: its own default. */
  model: string | null;
  secrecy: Secrecy;
}

/**
 * Initializes the agent and opens a session with the operator's model, which costs nothing. No capability is advertised: the
 * agent edits files itself, within its box. Returns the session's id. Throws NotConfigured, or an Error that says what went wrong.
 */
export async function openSession(
  agent: ClientContext,
  request: SessionRequest,
  facts: SessionFacts,
  onReady: (ready: unknown) => void,
): Promise<string> {
  const ready = await step(request.secrecy, 'initialize', () =>
    agent.request(methods.agent.initialize, {
      protocolVersion: PROTOCOL_VERSION,
      clientCapabilities: { fs: { readTextFile: false, writeTextFile: false }, terminal: false },
      clientInfo: { name: 'flotilla', version: request.version },
    }),
  );
  onReady(ready);
  if (ready.protocolVersion !== PROTOCOL_VERSION) {
    throw new Error(`The agent speaks version ${ready.protocolVersion} of the protocol, not ${PROTOCOL_VERSION}.`);
  }
  const { sessionId } = await step(request.secrecy, 'open a session', () =>
    agent.request(methods.agent.session.new, { cwd: request.cwd, mcpServers: [] }),
  );
  if (request.model !== null) await chooseModel(agent, { ...request, model: request.model, sessionId }, facts);
  return sessionId;
}

async function chooseModel(
  agent: ClientContext,
  { model, sessionId, secrecy }: { model: string; sessionId: string; secrecy: Secrecy },
  facts: SessionFacts,
): Promise<void> {
  const choice = facts.choice();
  const name = facts.summary().agent ?? 'The agent';
  if (choice === null) {
    const instead = "Leave `model` out of its settings and name the model in the agent's `args` or `env`.";
    throw new NotConfigured(`${name} lets no model be chosen, and its settings ask for ${quote(model)}. ${instead}`);
  }
  if (choice.current === model) return;
  if (!choice.offered.includes(model)) {
    throw new NotConfigured(`${name} has no model ${quote(model)}; it offers ${listed(choice.offered)}.`);
  }
  const { how } = choice;
  await step(secrecy, `use the model ${quote(model)}`, () =>
    how.kind === 'option'
      ? agent.request(methods.agent.session.setConfigOption, { sessionId, configId: how.configId, value: model })
      : agent.request('session/set_model', { sessionId, modelId: model }),
  ).catch((error: unknown) => {
    throw error instanceof Error ? new NotConfigured(error.message, { cause: error }) : error;
  });
  if (how.kind === 'set_model') facts.chose(model);
  const now = facts.choice()?.current ?? '';
  if (now !== model) {
    throw new NotConfigured(`${name} was asked to use the model ${quote(model)} and uses ${quote(now)}.`);
  }
}

function listed(models: readonly string[]): string {
  if (models.length === 0) return 'none';
  const shown = models.slice(0, MOST_SHOWN).map(quote).join(', ');
  return models.length > MOST_SHOWN ? `${shown} and ${models.length - MOST_SHOWN} more` : shown;
}

const quote = (model: string): string => `"${cleanName(model)}"`;

/** Says what the agent could not do, and why. */
export async function step<T>(secrecy: Secrecy, doing: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const message = `The agent could not ${doing}: ${describe(error, secrecy)}`;
    if (!(error instanceof RequestError) || error.code !== AUTH_REQUIRED) throw new Error(message, { cause: error });
    const hint = "Give its key in the agent's environment in the operator's settings.";
    throw new NotConfigured(`${message} ${hint}`, { cause: error });
  }
}

function describe(error: unknown, secrecy: Secrecy): string {
  if (!(error instanceof RequestError)) return error instanceof Error ? error.message : String(error);
  const detail = error.data === undefined ? '' : ` ${secrecy.json(error.data).slice(0, 500)}`;
  return `${error.message} (${error.code})${detail}`;
}
