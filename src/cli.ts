import { createProgram } from './cli/program.ts';
import { CommandError } from './local-github/command-error.ts';
import { RehearseError } from './rehearse/options.ts';

// Keys, tokens and copies of private repositories: what this process and its children write is their owner's alone.
process.umask(0o077);

// Whoever reads may have seen enough, as `head` has: the exit status still says how it went.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error) => {
    if (!('code' in error) || error.code !== 'EPIPE') throw error;
  });
}

try {
  await createProgram().parseAsync();
} catch (error) {
  if (error instanceof RehearseError || error instanceof CommandError) console.error(error.message);
  else console.error(error);
  process.exitCode = 1;
}
