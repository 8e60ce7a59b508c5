#!/usr/bin/env node
// Plain JavaScript that any Node parses: it hands over to the checkout's own Node 24 where this one is older.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as module from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const cli = join(root, 'src', 'cli.ts');
const own = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

// Set for the checkout's own Node alone: where that is too old itself, it must not start itself again and again.
const HANDED_OVER = 'FLEET_HANDED_OVER';
const handedOver = process.env[HANDED_OVER] !== undefined;
delete process.env[HANDED_OVER];

if (Number(process.versions.node.split('.')[0]) >= 24 && existsSync(join(root, 'node_modules'))) {
  // Half of a start is reading TypeScript. In the checkout, because what lies in a shared folder could be somebody else's.
  module.enableCompileCache(join(root, 'node_modules', '.cache', 'compile'));
  await import(pathToFileURL(cli).href);
} else if (!handedOver && existsSync(own)) {
  const env = { ...process.env, [HANDED_OVER]: '1' };
  const child = spawn(own, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit', env });
  child.on('error', askForInstall);
  // A terminal's Ctrl-C reaches the child by itself; sent twice, it would end without tidying up.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (constants.signals[signal] ?? 0);
  });
} else {
  askForInstall();
}

function askForInstall() {
  console.error(`Flotilla needs Node 24, which \`npm ci\` in ${root} brings. Run \`npm ci\` there first.`);
  process.exitCode = 1;
}
