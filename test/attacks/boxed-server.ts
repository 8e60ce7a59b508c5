import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { createProcesses } from '../../src/platform/process/create-processes.ts';
import { closeInheritedDescriptors } from '../../src/platform/process/inherited-descriptors.ts';

/** A server of its own process, in the folder of its argument: runs processes that bear a name, or lists what they have open. */
closeInheritedDescriptors();
const { boxedWith, emptyBox } = await import('../sandboxes.ts');
const [folder, name] = z.tuple([z.string(), z.string()]).parse(process.argv.slice(2));
mkdirSync(join(folder, 'tree'));
const line = (): void => undefined;
const leave = `setsid bash -c 'exec -a ${name} sleep 60' & exec -a ${name} sleep 60`;
const list = 'for one in /proc/self/fd/* /proc/1/fd/*; do echo "$(basename $one) $(readlink $one)"; done';

const { stdout } = await createProcesses({
  log: { debug: line, info: line, warn: line, error: line },
  sandbox: boxedWith({}),
}).run({
  command: 'bash',
  args: ['-c', name === 'list' ? list : leave],
  cwd: join(folder, 'tree'),
  env: { PATH: '/usr/bin:/bin' },
  box: { ...emptyBox, mounts: [{ path: join(folder, 'tree'), access: 'write' }] },
  timeoutMs: 60_000,
  signal: new AbortController().signal,
  maxOutputBytes: 100_000,
  logFile: join(folder, 'log'),
  pidsFile: join(folder, 'pids'),
});
process.stdout.write(stdout);
