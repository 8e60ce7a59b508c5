import { dirname } from 'node:path';
import type { Box, BoxLimits, Mount, OpenBox, Sandbox } from '../../ports/sandbox.ts';
import {
  type BoxFacts,
  boxArguments,
  bubblewrap,
  controlText,
  limitArguments,
  preludeArguments,
} from './box-arguments.ts';
import { findProgram } from './find-program.ts';
import { hiddenIn, hideWithin, readHidden } from './hidden-places.ts';
import { nodeFolders, PROGRAM_FOLDERS } from './system-mounts.ts';
import { watchBoxes } from './watch-boxes.ts';
import { watchDisk } from './watch-disk.ts';

/** A way out of a box, opened for one command. */
export interface Egress {
  mounts: readonly Mount[];
  /** Put before the command in the box; runs what follows it, with its status. */
  before: readonly string[];
  env: Readonly<Record<string, string>>;
  modelUrl: string | null;
  close(): Promise<void>;
}

/** @param boxed false: the process is on the host, where the proxy can be reached by itself */
export type OpenEgress = (wanted: Pick<Box, 'hosts' | 'modelApi'>, boxed: boolean) => Promise<Egress>;

export interface SandboxOptions {
  /** null: commands run with the rights of this process. */
  facts: BoxFacts | null;
  limits: BoxLimits;
  /** Read-only in every box. */
  read: readonly string[];
  /** Files and folders of the server, which no box has although a folder around them may be in it. */
  hidden?: readonly string[];
  /** Hosts that every box may reach. */
  hosts: readonly string[];
  openEgress: OpenEgress;
}

/** Boxes by bubblewrap. */
export function createSandbox(options: SandboxOptions): Sandbox {
  const { facts, limits } = options;
  const watch = watchBoxes(limits);
  const disk = watchDisk(limits.diskBytes);
  const sealedShared = options.read.map((path): Mount => ({ path, access: 'read' }));
  const shared = [...nodeFolders(process.execPath).map((path): Mount => ({ path, access: 'read' })), ...sealedShared];
  const { hidden = [] } = options;
  const prlimit = findProgram('prlimit', SYSTEM_PATH) ?? 'prlimit';

  async function open(box: Box): Promise<OpenBox> {
    const { sealed = false } = box;
    const hosts = sealed ? [] : [...options.hosts, ...box.hosts];
    const egress = hosts.length === 0 && box.modelApi === null ? NO_EGRESS : await openEgress({ ...box, hosts });
    let watched: number | null = null;
    return {
      modelUrl: egress.modelUrl,
      enclose(command) {
        const env = { ...command.env, ...egress.env };
        if (facts === null) return { ...command, env, control: null };
        const places = readHidden(hidden);
        const mounts = [
          ...PROGRAM_FOLDERS.flatMap((folder) => hiddenIn(folder, places)),
          ...hideWithin([...(sealed ? sealedShared : shared), ...box.mounts, ...egress.mounts], places),
        ];
        const [prelude, ...preludeRest] = preludeArguments(facts, limits);
        const inside = [...limitArguments(prlimit, limits), ...egress.before, command.command, ...command.args];
        return {
          command: prelude,
          args: [...preludeRest, ...bubblewrap(facts), '--', ...inside],
          cwd: '/',
          env: {},
          control: controlText(boxArguments(facts, { mounts, sealed }, { cwd: command.cwd, env: withNode(env) })),
        };
      },
      watch(pid, onExceeded) {
        if (facts === null) return;
        watched = pid;
        watch.add(pid, onExceeded);
        const folders = box.mounts.flatMap(({ path, access }) => (access === 'write' ? [path] : []));
        if (folders.length > 0) disk.add(pid, folders, (what) => onExceeded(what, 'disk'));
      },
      async close() {
        if (watched !== null) {
          watch.forget(watched);
          disk.forget(watched);
        }
        await egress.close();
      },
    };
  }

  const openEgress = (wanted: Pick<Box, 'hosts' | 'modelApi'>) => options.openEgress(wanted, facts !== null);
  return { boxed: facts !== null, filtered: facts !== null && facts.filter !== null, open };
}

const SYSTEM_PATH = '/usr/local/bin:/usr/bin:/bin';

/** The Node that runs us is the one that scripts are promised; folders of PATH that are not in the box do no harm. */
function withNode(env: Readonly<Record<string, string>>): Record<string, string> {
  const own = dirname(process.execPath);
  const path = (env.PATH ?? SYSTEM_PATH).split(':');
  return { ...env, PATH: path.includes(own) ? path.join(':') : [...path, own].join(':') };
}

const NO_EGRESS: Egress = { mounts: [], before: [], env: {}, modelUrl: null, close: () => Promise.resolve() };
