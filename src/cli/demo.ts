import { join } from 'node:path';
import { dataFolder } from '../rehearse/data-folder.ts';
import { writeSample } from '../rehearse/sample/write-sample.ts';
import { type RehearsalFlags, runRehearsal } from './rehearsal.ts';

const SCRIPTED_AGENT = join(import.meta.dirname, '..', 'rehearse', 'scripted-agent.ts');

/** A rehearsal of the bundled workflow on the sample organization, with a scripted agent in place of a model's. */
export async function runDemo(flags: Pick<RehearsalFlags, 'once' | 'json' | 'port' | 'data'>): Promise<number> {
  const data = await dataFolder(flags.data ?? null);
  const sample = await writeSample(join(data, 'sample'));
  return runRehearsal({
    ...flags,
    data,
    folder: sample.folder,
    workflow: 'bump-shared-lib',
    words: ['version=2.0'],
    tag: [],
    agent: `"${process.execPath}" "${SCRIPTED_AGENT}"`,
    notice: `The sample organization ${sample.organization} is in ${sample.folder}; its agent is a script, no model.`,
  });
}
