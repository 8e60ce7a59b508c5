import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { removeFolder } from '../../src/platform/git/remove-folder.ts';
import { workspacePaths } from '../../src/platform/git/workspace-paths.ts';
import { createProcesses } from '../../src/platform/process/create-processes.ts';
import type { ChildRequest, ChildResult } from '../../src/ports/process.ts';
import type { BoxLimits } from '../../src/ports/sandbox.ts';
import type { Workspace } from '../../src/ports/workspace.ts';
import { commandBox } from '../../src/worker/workspace-box.ts';
import { boxedWith } from '../sandboxes.ts';

const line = (): void => undefined;
const log = { debug: line, info: line, warn: line, error: line };

/** What an attack looks for; it never stands in a command or in a variable of the attack. */
export const SECRET = 'attack-me-7f3a9c';

export const CHILD_PATH = [dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter);

export interface GivenServer {
  folder: string;
  dataDir: string;
  keyFile: string;
  workspace: Workspace;
  /** Of another task, beside it. */
  other: Workspace;
  /** The folder that git runs with on the host, of the attacker's own workspace. */
  ctl: string;
  /** Runs a body as `bash` nodes do, in the box of the workspace. */
  attack(script: string, how?: HowToAttack): Promise<ChildResult>;
}

interface HowToAttack extends Partial<ChildRequest> {
  limits?: Partial<BoxLimits>;
  /** See `boxedWith`. */
  places?: { read: readonly string[]; hidden: readonly string[] };
}

/** The places of a server as they are on disk, with secrets in all that is not the attacker's. */
export function givenServer(): GivenServer {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla attack-'));
  // Folders that a command closed are in the way of others than root.
  onTestFinished(() => removeFolder(folder));
  const dataDir = join(folder, 'data');
  const keyFile = join(folder, 'key.pem');
  mkdirSync(join(dataDir, 'mirrors', '1.git'), { recursive: true });
  mkdirSync(join(dataDir, 'mirrors', '2.git'), { recursive: true });
  for (const file of [keyFile, join(folder, '.env'), join(dataDir, 'flotilla.db')]) writeFileSync(file, SECRET);
  writeFileSync(join(dataDir, 'mirrors', '1.git', 'HEAD'), 'ref: refs/heads/main\n');
  writeFileSync(join(dataDir, 'mirrors', '2.git', 'HEAD'), SECRET);
  const own = workspaceIn(dataDir, 'acme/one', 1);
  const other = workspaceIn(dataDir, 'acme/two', 2);
  writeFileSync(join(other.workspace.tree, 'secret'), SECRET);
  writeFileSync(join(other.workspace.logs, 'secret.log'), SECRET);
  return { folder, dataDir, keyFile, workspace: own.workspace, other: other.workspace, ctl: own.ctl, attack };

  function attack(script: string, { limits = {}, places, ...changes }: HowToAttack = {}): Promise<ChildResult> {
    const { tree, home, logs, pids } = own.workspace;
    return createProcesses({ log, sandbox: boxedWith(limits, [], places) }).run({
      command: 'bash',
      args: ['--noprofile', '--norc', '-c', script],
      cwd: tree,
      env: { PATH: CHILD_PATH, HOME: home, TMPDIR: home, LANG: 'C.UTF-8' },
      box: commandBox(own.workspace),
      timeoutMs: 20_000,
      signal: new AbortController().signal,
      maxOutputBytes: 1024 * 1024,
      logFile: join(logs, 'attack.log'),
      pidsFile: pids,
      ...changes,
    });
  }
}

function workspaceIn(dataDir: string, repository: string, id: number): { workspace: Workspace; ctl: string } {
  const { record: _record, ctl, scratch, ...paths } = workspacePaths(dataDir, 'f-attacked', repository);
  const { tree, home, outputs, siblings } = paths;
  const logs = join(dataDir, 'logs', String(id));
  for (const place of [tree, home, logs, outputs, join(siblings, 'acme', 'lib'), join(ctl, 'hooks'), scratch]) {
    mkdirSync(place, { recursive: true });
  }
  writeFileSync(join(tree, 'VERSION'), '1.0\n');
  writeFileSync(join(siblings, 'acme', 'lib', 'VERSION'), '7\n');
  writeFileSync(join(ctl, 'config'), `[core]\n\tbare = true\n# ${SECRET}\n`);
  const mirror = join(dataDir, 'mirrors', `${id}.git`);
  const base = { baseBranch: 'main', baseSha: '0'.repeat(40), baseTree: '0'.repeat(40), branchHead: null };
  return { workspace: { ...paths, logs, mirror, ...base }, ctl };
}
