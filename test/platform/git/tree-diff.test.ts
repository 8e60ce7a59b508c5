import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Workspace } from '../../../src/ports/workspace.ts';
import { type GitWorld, makeGitWorld, requestFor, write } from './git-world.ts';

let world: GitWorld;
let workspace: Workspace;

beforeEach(() => {
  world = makeGitWorld();
});
afterEach(() => world.close());

async function diffAfter(files: Record<string, string | Buffer>, change: (tree: string) => void) {
  world.commit(files);
  workspace = await world.workspaces.prepare(requestFor());
  change(workspace.tree);
  const { tree } = await world.workspaces.snapshot(workspace);
  return world.workspaces.diff(workspace, tree);
}

describe('the diff of a snapshot', () => {
  it('has the lines of each file, binary ones without, and nothing of the content of a deleted one', async () => {
    const odd = 'odd "q"\tü';
    const { files, text, truncated } = await diffAfter({ a: '1\n2\n3\n', gone: 'secret of old\n' }, (tree) => {
      write(tree, 'a', '1\ntwo\n3\n4\n');
      write(tree, 'data', Buffer.from([0, 1, 2]));
      write(tree, odd, 'odd\n');
      rmSync(join(tree, 'gone'));
    });
    expect(files).toEqual([
      { path: 'a', added: 2, deleted: 1 },
      { path: 'data', added: null, deleted: null },
      { path: 'gone', added: 0, deleted: 1 },
      { path: odd, added: 1, deleted: 0 },
    ]);
    expect(truncated).toBe(false);
    expect(text).toContain('--- a/a\n+++ b/a\n@@ -1,3 +1,4 @@\n 1\n-2\n+two\n 3\n+4\n');
    expect(text).toContain('Binary files /dev/null and b/data differ');
    expect(text).toContain('deleted file mode 100644');
    expect(text).not.toContain('secret of old');
  });

  it('runs no program that attributes of the repository or of the change name', async () => {
    const marker = join(world.root, 'ran');
    const { text } = await diffAfter({ '.gitattributes': '*.x diff=evil\n', 'a.x': 'a\n' }, (tree) => {
      writeFileSync(
        join(tree, '.git', 'config'),
        `[diff "evil"]\n\ttextconv = touch '${marker}'; cat\n\tcommand = touch '${marker}'\n`,
      );
      write(tree, 'a.x', 'b\n');
    });
    expect(text).toContain('-a\n+b\n');
    expect(() => rmSync(marker)).toThrow('ENOENT');
  });

  it('is cut after a MiB', async () => {
    const line = `${'x'.repeat(99)}\n`;
    const { text, truncated, files } = await diffAfter({ a: 'a\n' }, (tree) => write(tree, 'b', line.repeat(20_000)));
    expect([truncated, text.length]).toEqual([true, 1024 * 1024]);
    expect(files).toEqual([{ path: 'b', added: 20_000, deleted: 0 }]);
  });
});
