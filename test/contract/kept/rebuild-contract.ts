import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cutContract } from './cut-contract.ts';
import { parseDescription, printDescription } from './description.ts';
import { readPackageFile } from './package-file.ts';
import { operationsInScope, webhooksInScope } from './scope.ts';

/** `npm run contract:rebuild -- 23.0.2` writes github-contract.json anew; without a version, from the newest package. */
const version = process.argv[2] ?? 'latest';
const description = parseDescription(
  await readPackageFile('@octokit/openapi', version, 'generated/api.github.com.json'),
);
const cut = cutContract(description, operationsInScope, webhooksInScope);
await writeFile(join(import.meta.dirname, 'github-contract.json'), printDescription(cut));
process.stdout.write(
  `GitHub's description ${cut.version}: ${operationsInScope.length} operations and ${webhooksInScope.length} webhooks kept.\n`,
);
