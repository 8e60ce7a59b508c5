import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { runGit } from '../../local-github/git/run-git.ts';
import { rehearseFileName } from '../rehearse-file.ts';
import {
  type SampleRepository,
  sampleOrganization,
  sampleRepositories,
  sampleSender,
  sampleTopic,
} from './organization.ts';

export interface SampleInfo {
  /** The folder that now holds one git repository per sample repository and `.fleet-rehearse.yml`. */
  folder: string;
  organization: string;
  sender: string;
  /** The topic that the bundled workflow selects by. */
  topic: string;
  /** Folder names, in alphabetical order. */
  repositories: readonly string[];
}

/**
 * Writes the sample organization into a new or empty folder; the same commits every time.
 * @throws Error when the folder holds anything already.
 */
export async function writeSample(folder: string): Promise<SampleInfo> {
  await mkdir(folder, { recursive: true });
  const found = await readdir(folder);
  if (found.length > 0) throw new Error(`${folder} is not empty: give the sample organization a folder of its own`);
  await Promise.all(sampleRepositories.map((repository) => writeRepository(folder, repository)));
  await writeFile(join(folder, rehearseFileName), rehearseFileText());
  return {
    folder,
    organization: sampleOrganization,
    sender: sampleSender,
    topic: sampleTopic,
    repositories: sampleRepositories.map((repository) => repository.name).sort(),
  };
}

function rehearseFileText(): string {
  const repositories = Object.fromEntries(sampleRepositories.map(({ name, facts }) => [name, facts]));
  const header = '# What GitHub knows of these repositories; read by `fleet rehearse`.\n';
  return header + stringify({ organization: sampleOrganization, sender: sampleSender, repositories });
}

async function writeRepository(folder: string, repository: SampleRepository): Promise<void> {
  const workTree = join(folder, repository.name);
  const gitDirectory = join(workTree, '.git');
  await runGit(null, ['init', '--quiet', '--template=', '--initial-branch=main', workTree]);
  await runGit(gitDirectory, ['fast-import', '--quiet'], { input: importStream(repository.files) });
  await runGit(gitDirectory, [`--work-tree=${workTree}`, 'reset', '--quiet', '--hard']);
}

const person = 'Mona Sample <mona@acme.example>';
/** Fixed, so that the commits are the same on every machine: 2025-03-03 and a week later, UTC. */
const dates = ['1740992400 +0000', '1741597200 +0000'];

/** Two commits: the readme, then everything. */
function importStream(files: Readonly<Record<string, string>>): string {
  const { 'README.md': readme = '', ...others } = files;
  return [
    commit(1, 'Start the repository', dates[0], { 'README.md': readme }),
    commit(2, 'Add the code', dates[1], others),
    'done\n',
  ].join('');
}

function commit(mark: number, message: string, date = '', files: Readonly<Record<string, string>>): string {
  const changes = Object.entries(files).map(([path, text]) => `M 100644 inline ${path}\n${data(text)}`);
  return [
    `commit refs/heads/main\nmark :${mark}\nauthor ${person} ${date}\ncommitter ${person} ${date}\n`,
    data(`${message}\n`),
    ...(mark === 1 ? [] : [`from :${mark - 1}\n`]),
    ...changes,
    '\n',
  ].join('');
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}
