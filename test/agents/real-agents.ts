import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { noSandbox } from '../sandboxes.ts';
import type { Step } from './fake-model.ts';

const PACKAGES = join(import.meta.dirname, 'node_modules');
const bin = (name: string): string => join(PACKAGES, '.bin', name);

/** A coding agent that people use, as an operator sets it up. */
export interface RealAgent {
  name: string;
  /** What it says of itself. */
  self: string;
  model: string;
  /** Its entry under `agents:` of the operator's file; the key is in the variable MODEL_KEY. */
  settings(modelHost: string): string;
  /** Its own tools, as a model calls them. */
  tools: { write(path: string, content: string): Step; run(command: string): Step };
  /** US dollars of one answer of the fake model; null: it does not tell what it costs. */
  costOfAStep: number | null;
  /** Tokens that it tells of a session with that many answers. */
  tokens(steps: number): { input: number; output: number; cachedInput: number };
}

/** Its prices are the operator's to write where opencode does not know the model. */
const OPENCODE_CONFIG = {
  model: 'company/coder',
  small_model: 'company/coder',
  share: 'disabled',
  autoupdate: false,
  provider: {
    company: {
      npm: '@ai-sdk/openai-compatible',
      options: { baseURL: '{{model_url}}', apiKey: 'in-the-proxy' },
      models: {
        coder: { cost: { input: 300, output: 1500, cache_read: 30 }, limit: { context: 100_000, output: 4_000 } },
        other: {},
      },
    },
  },
};

const opencode: RealAgent = {
  name: 'opencode',
  self: 'OpenCode 1.18.33',
  model: 'company/coder',
  settings: (modelHost) => `
    command: ${bin('opencode')}
    args: [acp]
    read: [${PACKAGES}]
    model: company/coder
    model_api: { url: "${modelHost}/v1", key_from: MODEL_KEY }
    env:
      OPENCODE_CONFIG_CONTENT: '${JSON.stringify(OPENCODE_CONFIG)}'
      OPENCODE_DISABLE_AUTOUPDATE: "1"
      OPENCODE_DISABLE_MODELS_FETCH: "1"
      OPENCODE_DISABLE_LSP_DOWNLOAD: "1"
      OPENCODE_DISABLE_SHARE: "1"
      OPENCODE_DISABLE_PROJECT_CONFIG: "1"
`,
  tools: {
    write: (filePath, content) => ({ tool: 'write', args: { filePath, content } }),
    run: (command) => ({ tool: 'bash', args: { command, description: 'Run it' } }),
  },
  // 800 tokens of input at 300 dollars a million, 50 of output at 1500, 200 from the cache at 30.
  costOfAStep: 0.321,
  // Of its last answer alone.
  tokens: () => ({ input: 800, output: 50, cachedInput: 200 }),
};

const gemini: RealAgent = {
  name: 'gemini',
  self: 'gemini-cli 0.61.0',
  model: 'gemini-2.5-pro',
  settings: (modelHost) => `
    command: ${bin('gemini')}
    args: [--acp, --skip-trust, --approval-mode=yolo]
    read: [${PACKAGES}]
    model: gemini-2.5-pro
    model_api: { url: "${modelHost}", key_from: MODEL_KEY, header: x-goog-api-key }
    env:
      GOOGLE_GEMINI_BASE_URL: "{{model_url}}"
      GEMINI_API_KEY: in-the-proxy
      GEMINI_TELEMETRY_ENABLED: "false"
`,
  tools: {
    write: (path, content) => ({ tool: 'write_file', args: { file_path: path, content } }),
    run: (command) => ({ tool: 'run_shell_command', args: { command } }),
  },
  costOfAStep: null,
  tokens: (steps) => ({ input: 1000 * steps, output: 50 * steps, cachedInput: 0 }),
};

export const REAL_AGENTS: readonly RealAgent[] = [opencode, gemini];

/** Why these tests cannot run; null: they can. */
export const noRealAgents: string | null =
  noSandbox ??
  (existsSync(bin('opencode')) && existsSync(bin('gemini')) ? null : 'npm run test:agents fetches the agents');
