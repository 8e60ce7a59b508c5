import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const config = `[core]
	repositoryformatversion = 0
	filemode = true
	bare = true
[gc]
	auto = 0
`;

/** An empty bare repository, written directly: no process, no template hooks. */
export async function createRepositoryFiles(gitDirectory: string, defaultBranch: string): Promise<void> {
  await Promise.all(
    ['objects/info', 'objects/pack', 'refs/heads', 'refs/tags'].map((folder) =>
      mkdir(join(gitDirectory, folder), { recursive: true }),
    ),
  );
  await Promise.all([
    writeFile(join(gitDirectory, 'HEAD'), `ref: refs/heads/${defaultBranch}\n`),
    writeFile(join(gitDirectory, 'config'), config),
  ]);
}
