import { describe, expect, test } from 'vitest';
import { type PatchFile, patchDigest, statOf } from '../../src/core/patch.ts';
import { groupPatches } from '../../src/core/patch-groups.ts';
import type { TaskOutcome, TaskStatus } from '../../src/core/status.ts';

const text = (index: string, line = '+2.0') =>
  `diff --git a/VERSION b/VERSION\nindex ${index} 100644\n--- a/VERSION\n+++ b/VERSION\n@@ -1 +1 @@\n-1.0\n${line}\n`;
const VERSION: PatchFile = { path: 'VERSION', added: 1, deleted: 1 };
const LOGO: PatchFile = { path: 'logo', added: null, deleted: null };
const change = (path: string, sha: string) => ({
  path,
  status: 'modified' as const,
  newMode: '100644',
  oldSha: '0',
  sha,
});
const digest = (diff: Partial<Parameters<typeof patchDigest>[0]>, changes: Parameters<typeof patchDigest>[1]) =>
  patchDigest({ text: text('1..2'), truncated: false, files: [VERSION], ...diff }, changes);

describe('the digest of a patch', () => {
  test('is that of what a reader sees', () => {
    const same = digest({}, [change('VERSION', 'a')]);
    expect(digest({ text: text('3..4') }, [change('VERSION', 'b')]), 'in a longer file').toBe(same);
    expect(digest({ text: text('1..2', '+2.1') }, [change('VERSION', 'a')])).not.toBe(same);
  });

  test('tells binary files apart, and what is beyond the end of the text', () => {
    const files = [VERSION, LOGO];
    const one = digest({ files }, [change('VERSION', 'a'), change('logo', 'x')]);
    expect(digest({ files }, [change('VERSION', 'b'), change('logo', 'x')])).toBe(one);
    expect(digest({ files }, [change('VERSION', 'a'), change('logo', 'y')])).not.toBe(one);
    const long = digest({ truncated: true }, [change('VERSION', 'a')]);
    expect(digest({ truncated: true }, [change('VERSION', 'b')])).not.toBe(long);
  });

  test('tells apart what was deleted, of which a diff shows no line', () => {
    const gone = (oldSha: string) => ({
      ...change('VERSION', '0'),
      status: 'deleted' as const,
      newMode: '000000',
      oldSha,
    });
    const diff = { text: 'diff --git a/VERSION b/VERSION\ndeleted file mode 100644\nindex 1..0\n' };
    expect(digest(diff, [gone('a')])).toBe(digest(diff, [gone('a')]));
    expect(digest(diff, [gone('a')])).not.toBe(digest(diff, [gone('b')]));
  });

  test('tells apart bytes that are no UTF-8 and read alike', () => {
    const latin = { text: text('1..2', Buffer.from([0x2b, 0xe9]).toString('utf8')) };
    expect(digest(latin, [change('VERSION', 'a')])).not.toBe(digest(latin, [change('VERSION', 'b')]));
  });
});

test('the lines of binary files do not count', () => {
  expect(statOf([VERSION, LOGO, { path: 'b', added: 10, deleted: 0 }])).toEqual({ files: 3, added: 11, deleted: 1 });
});

describe('groups of patches', () => {
  const task = (id: string, status: TaskStatus = 'completed', outcome: TaskOutcome | null = 'prepared') => ({
    id,
    status,
    outcome,
  });
  const patch = (taskId: string, at: number, digest: string) => ({ taskId, attempt: 1, at, digest, size: 10 });

  test('hold equal ones in plan order, and the first prepared comes first', () => {
    const tasks = ['a', 'b', 'c', 'd'].map((id) => task(id));
    const patches = [patch('a', 30, 'x'), patch('b', 20, 'y'), patch('c', 10, 'x'), patch('d', 40, 'z')];
    expect(groupPatches(tasks, patches)).toEqual([
      { taskIds: ['a', 'c'], read: { taskId: 'c', attempt: 1 }, size: 10 },
      { taskIds: ['b'], read: { taskId: 'b', attempt: 1 }, size: 10 },
      { taskIds: ['d'], read: { taskId: 'd', attempt: 1 }, size: 10 },
    ]);
  });

  test('hold what is about to be published, and not what is or failed to be', () => {
    const tasks = [task('a', 'queued', null), task('b', 'completed', 'changed'), task('c', 'failed', null)];
    const patches = ['a', 'b', 'c'].map((id) => patch(id, 1, id));
    expect(groupPatches(tasks, patches).map(({ taskIds }) => taskIds)).toEqual([['a']]);
  });
});
