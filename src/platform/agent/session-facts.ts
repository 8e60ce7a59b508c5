import { z } from 'zod';
import { cleanLines } from '../../core/render/terminal-text.ts';
import type { AgentTokens } from '../../ports/agent.ts';
import { tokensOf } from './session-tokens.ts';
import type { SessionUpdate } from './session-updates.ts';

/** What an agent says of itself is bounded, as people read it and rows keep it. */
const LONGEST_NAME = 100;
const MOST_NAMES = 500;

/** How a session is told its model. */
interface ModelChoice {
  /**
   * option: session/set_config_option, https://agentclientprotocol.com/protocol/v1/session-config-options. set_model: the
   * request session/set_model that came before it, which gemini-cli 0.61 still has.
   */
  how: { kind: 'option'; configId: string } | { kind: 'set_model' };
  current: string;
  /** As they are to be asked for. */
  offered: readonly string[];
}

export interface SessionFacts {
  /** An answer to one of our requests as it came: the SDK leaves out what the stable protocol does not know. */
  hear(answer: unknown): void;
  update(update: SessionUpdate): void;
  /** The agent took it without saying so. */
  chose(model: string): void;
  /** null: the session's model cannot be chosen. */
  choice(): ModelChoice | null;
  summary(): SessionSelf;
}

export interface SessionSelf {
  /** `OpenCode 1.18.33`; null: the agent has not said. */
  agent: string | null;
  model: string | null;
  tokens: AgentTokens | null;
  protocolVersion: number | null;
  modes: readonly string[];
  models: readonly string[];
  /** Names of ways to log in that it offers. */
  logins: readonly string[];
}

const name = z.string().transform(cleanName);
const names = <T extends z.ZodType>(item: T) => z.array(item).catch([]);
const initialized = z.looseObject({
  protocolVersion: z.number(),
  agentInfo: z
    .looseObject({ name, version: name.catch('') })
    .nullish()
    .catch(null),
  authMethods: names(z.looseObject({ name }).nullable().catch(null)).optional(),
});

const value = z.looseObject({ value: z.string() }).transform((option) => [option.value]);
const group = z.looseObject({ options: z.array(value) }).transform(({ options }) => options.flat());
const select = z.looseObject({
  id: z.string(),
  category: z.string().nullish().catch(null),
  type: z.literal('select'),
  currentValue: z.string(),
  options: z.array(z.union([value, group])).transform((options) => options.flat()),
});
const configured = z.looseObject({ configOptions: z.array(select.nullable().catch(null)) });
const modelled = z.looseObject({
  models: z.looseObject({
    currentModelId: z.string(),
    availableModels: z.array(z.looseObject({ modelId: z.string() })),
  }),
});
const moded = z.looseObject({ modes: z.looseObject({ availableModes: z.array(z.looseObject({ id: name })) }) });
/** gemini-cli and codex-acp tell in the answer to a prompt which models they used. */
const used = z.looseObject({
  stopReason: z.string(),
  _meta: z.looseObject({ quota: z.looseObject({ model_usage: z.array(z.looseObject({ model: name })) }) }),
});

/** Gathers what an agent says of itself and of its one session; everything in it is untrusted, cleaned and bounded. */
export function createSessionFacts(): SessionFacts {
  let self = { agent: null as string | null, protocolVersion: null as number | null, logins: [] as string[] };
  let choice: ModelChoice | null = null;
  let modes: readonly string[] = [];
  let usedModels: readonly string[] = [];
  let tokens: AgentTokens | null = null;

  function hearOptions(from: unknown): void {
    const options = configured.safeParse(from).data?.configOptions ?? [];
    // A category is a hint alone, so an agent may leave it out.
    const optionOf = (what: string) =>
      options.find((one) => one?.category === what) ?? options.find((one) => one?.id === what);
    modes = optionOf('mode')?.options.map(cleanName).slice(0, MOST_NAMES) ?? modes;
    const option = optionOf('model') ?? null;
    if (option === null) return;
    const { id: configId, currentValue: current } = option;
    choice = { how: { kind: 'option', configId }, current, offered: option.options.slice(0, MOST_NAMES) };
  }

  return {
    hear(answer) {
      const ready = initialized.safeParse(answer).data;
      if (ready !== undefined) {
        const { agentInfo, authMethods = [], protocolVersion } = ready;
        const logins = authMethods.flatMap((method) => method?.name ?? []).slice(0, MOST_NAMES);
        self = {
          agent: agentInfo ? cleanName(`${agentInfo.name} ${agentInfo.version}`) : null,
          protocolVersion,
          logins,
        };
      }
      const models = modelled.safeParse(answer).data?.models;
      if (models !== undefined) {
        const offered = models.availableModels.map(({ modelId }) => modelId).slice(0, MOST_NAMES);
        choice = { how: { kind: 'set_model' }, current: models.currentModelId, offered };
      }
      hearOptions(answer);
      modes =
        moded
          .safeParse(answer)
          .data?.modes.availableModes.map(({ id }) => id)
          .slice(0, MOST_NAMES) ?? modes;
      const { model_usage: usage = [] } = used.safeParse(answer).data?._meta.quota ?? {};
      if (usage.length > 0) usedModels = [...new Set(usage.map(({ model }) => model))].slice(0, MOST_NAMES);
      tokens = tokensOf(answer) ?? tokens;
    },
    update(update) {
      if (update.sessionUpdate === 'config_option_update') hearOptions(update);
    },
    chose(model) {
      if (choice !== null) choice = { ...choice, current: model };
    },
    choice: () => choice,
    summary: () => ({
      agent: self.agent === '' ? null : self.agent,
      model: nullIfEmpty(cleanName(usedModels.length > 0 ? usedModels.join(', ') : (choice?.current ?? ''))),
      tokens,
      protocolVersion: self.protocolVersion,
      modes,
      models: choice?.offered.map(cleanName) ?? [],
      logins: self.logins,
    }),
  };
}

const nullIfEmpty = (text: string): string | null => (text === '' ? null : text);

/** One line without control characters, of at most 100 characters. */
export function cleanName(text: string): string {
  return [
    ...cleanLines(text.slice(0, 10 * LONGEST_NAME))
      .replace(/\s+/gu, ' ')
      .trim(),
  ]
    .slice(0, LONGEST_NAME)
    .join('');
}
