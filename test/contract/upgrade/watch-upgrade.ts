import { parseArgs } from 'node:util';
import { githubSchema } from '../../../src/local-github/graphql/schema.ts';
import { cutContract } from '../kept/cut-contract.ts';
import { type Description, isObject, parseDescription } from '../kept/description.ts';
import { readPackageFile } from '../kept/package-file.ts';
import { readKeptDescription, readKeptPermissions } from '../kept/read-kept.ts';
import { readPermissionData } from '../kept/read-permission-data.ts';
import { compareContracts } from './compare-contracts.ts';
import { compareDocuments, readSchema } from './compare-documents.ts';
import { comparePermissions } from './compare-permissions.ts';
import { describeChange, type Finding, printFindings } from './describe-changes.ts';
import { sentDocuments } from './sent-documents.ts';

/**
 * `npm run contract:watch -- [version] [--graphql <version>] [--permissions <file or URL>]` tells what changed for our operations
 * in GitHub's newer description, for our GraphQL documents in its newer schema, and for our permissions in a newer
 * server-to-server-permissions.json. Exits 0 when nothing changed, 1 when something did, 2 when it could not look.
 */
async function watch(): Promise<{ findings: Finding[]; failures: string[] }> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { graphql: { type: 'string', default: 'latest' }, permissions: { type: 'string' } },
  });
  const [version = 'latest', ...more] = positionals;
  if (more.length > 0) throw new Error(`Give one version of @octokit/openapi, not also ${more.join(', ')}.`);
  const kept = readKeptDescription();
  const { graphql, permissions } = values;
  const looks = [() => watchDescription(kept, version), () => watchDocuments(graphql)];
  if (permissions !== undefined) looks.push(() => watchPermissions(permissions, namesOf(kept)));
  const findings: Finding[] = [];
  const failures = new Set<string>();
  for (const look of looks) {
    try {
      findings.push(...(await look()));
    } catch (error) {
      failures.add(reasonOf(error));
    }
  }
  return { findings, failures: [...failures] };
}

async function watchDescription(kept: Description, version: string): Promise<Finding[]> {
  const text = await readPackageFile('@octokit/openapi', version, 'generated/api.github.com.json');
  const newer = parseDescription(text);
  print(`GitHub's description: kept ${kept.version}, compared with ${newer.version}.`);
  const operations = namesOf(kept).filter((operation) => {
    const [method = '', path = ''] = operation.split(' ');
    return isObject(newer.paths[path]?.[method.toLowerCase()]);
  });
  const webhooks = Object.keys(kept.webhooks).filter((name) => newer.webhooks[name] !== undefined);
  return compareContracts(kept, cutContract(newer, operations, webhooks)).map(describeChange);
}

async function watchDocuments(version: string): Promise<Finding[]> {
  const newer = await readPackageFile('@octokit/graphql-schema', version, 'schema.graphql');
  const documents = await sentDocuments();
  print(
    `GitHub's GraphQL schema: the installed one, compared with ${version} for the ${documents.length === 1 ? 'document' : `${documents.length} documents`} that we send.`,
  );
  return compareDocuments(documents, githubSchema(), readSchema(newer));
}

async function watchPermissions(place: string, operations: readonly string[]): Promise<Finding[]> {
  const kept = readKeptPermissions();
  const newer = await readPermissionData(place, operations);
  print(`GitHub's permissions: kept from commit ${kept.commit}, compared with ${place}.`);
  return comparePermissions(kept.operations, newer);
}

const namesOf = (description: Description): string[] =>
  Object.entries(description.paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
  );

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** The words of npm or tar, when they said some, without the command line that they answer to. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && error.code === 'ENOENT' && 'path' in error) return `${error.path} is not there`;
  if (!error.message.startsWith('Command failed')) return error.message;
  const said = 'stderr' in error ? String(error.stderr) : '';
  const sentences = said
    .split('\n')
    .map((line) => line.replace(/^npm (error|ERR!) ?/, '').trim())
    .filter((line) => line !== '' && !line.includes('complete log'));
  const [command = ''] = error.message.split('\n');
  return `${command}. ${sentences.join(' ') || 'There is no such version, or the npm registry cannot be reached'}`;
}

function printFailure(reason: string): void {
  process.stderr.write(`Could not look for changes: ${reason.replace(/\.$/, '')}.\n`);
}

try {
  const { findings, failures } = await watch();
  if (failures.length === 0 || findings.length > 0) for (const line of printFindings(findings)) print(line);
  failures.forEach(printFailure);
  process.exitCode = failures.length > 0 ? 2 : findings.length > 0 ? 1 : 0;
} catch (error) {
  printFailure(reasonOf(error));
  process.exitCode = 2;
}
