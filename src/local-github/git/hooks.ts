import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makePrivateFolder } from '../private-files.ts';

/** Refuses what GitHub refuses at a push of an app: protected branches, and workflow files without their permission. */
const update = `#!/bin/sh
ref="$1" new="$3"
case " $LOCAL_GITHUB_PROTECTED " in
  *" $ref "*)
    echo "error: GH006: Protected branch update failed for $ref." >&2
    echo "error: Changes must be made through a pull request." >&2
    exit 1 ;;
esac
if [ "$LOCAL_GITHUB_WORKFLOWS" = refuse ] && [ "$new" != 0000000000000000000000000000000000000000 ]; then
  file=$(git log --format= --name-only "$new" --not --all -- .github/workflows | head -n 1)
  if [ -n "$file" ]; then
    echo "refusing to allow a GitHub App to create or update workflow \\\`$file\\\` without \\\`workflows\\\` permission" >&2
    exit 1
  fi
fi
exit 0
`;

/** @returns the directory that \`core.hooksPath\` points to. */
export async function installHooks(dataDirectory: string): Promise<string> {
  const directory = join(dataDirectory, 'hooks');
  await makePrivateFolder(directory, ['update']);
  await writeFile(join(directory, 'update'), update);
  await chmod(join(directory, 'update'), 0o700);
  return directory;
}
