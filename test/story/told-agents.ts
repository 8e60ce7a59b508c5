import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { ConfiguredAgent } from '../../src/worker/context.ts';
import { configuredAgent } from './configured-agent.ts';
import type { WorldOptions } from './world.ts';

/** A world's default agent, which does what its prompts tell (told-agent.ts), and the prompts that it got. */
export function toldAgent(
  change: Partial<ConfiguredAgent> = {},
): Pick<WorldOptions, 'agents' | 'settings'> & { prompts(service: string): string[] } {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-prompts-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const args = [fileURLToPath(new URL('./told-agent.ts', import.meta.url)), folder];
  return {
    agents: { told: configuredAgent({ command: process.execPath, args, ...change }) },
    settings: 'agents: { told: { command: node } }\ndefault_agent: told\n',
    prompts: (service) =>
      readdirSync(folder)
        .filter((name) => name.startsWith(`${service}.`))
        .sort()
        .map((name) => readFileSync(join(folder, name), 'utf8')),
  };
}
