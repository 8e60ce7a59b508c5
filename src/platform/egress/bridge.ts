import { join } from 'node:path';
import type { Mount } from '../../ports/sandbox.ts';

/** Where the way out begins, on the loopback of the box itself. */
const PORT = 8118;
export const INSIDE_URL = `http://127.0.0.1:${PORT}`;

const FILE = join(import.meta.dirname, 'bridge.mjs');

/**
 * Of the shell that becomes the command: signals, status, standard input and output are the command's own, with nothing in
 * between. The bridge gets no variable of the command, whose NODE_OPTIONS would be its own too. Node reserves 512 MiB for
 * compiled code, which counts as memory: a box with less has a bridge that compiles nothing and starts slower.
 */
const START = `
for how in --v8-pool-size=0 --jitless; do
  ready=$(env -i "$1" "$how" "$2" "$3" "$4" 2>/dev/null </dev/null &)
  if [ "$ready" = ready ]; then
    unset how ready
    shift 4
    exec "$@"
  fi
done
echo 'flotilla: the way out of this box could not be opened: it needs 100 MiB of memory' >&2
exit 125`;

/** Mounts and command that make a socket of the host reachable in a box at `INSIDE_URL`. */
export const bridgeTo = (socket: string): { mounts: Mount[]; before: string[] } => ({
  mounts: [FILE, socket].map((path) => ({ path, access: 'read' })),
  before: ['sh', '-c', START, 'sh', process.execPath, FILE, socket, String(PORT)],
});
