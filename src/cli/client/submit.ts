import { randomUUID } from 'node:crypto';
import { clientEnvironment } from '../../config.ts';
import { submittedAnswer } from './answers.ts';
import { EXIT } from './client-error.ts';
import { controlRepository } from './control-repository.ts';
import { hasEnded, waitsForPerson } from './exit-status.ts';
import { fleetLines } from './fleet-lines.ts';
import { repositoriesOfFile } from './repositories-of-file.ts';
import { inkOf, say, sayJson, tell } from './say.ts';
import { openServer, type ServerFlags } from './session.ts';
import { type SubmissionFlags, submissionOf } from './submission.ts';
import { watch } from './watch.ts';

export interface SubmitFlags extends ServerFlags, SubmissionFlags {
  control?: string;
  reposFile?: string;
  repo: readonly string[];
  idempotencyKey?: string;
  wait: boolean;
  json: boolean;
}

/**
 * Starts a fleet and, with `--wait`, follows it. Exit status: 0 when it was taken; 5 when it was taken for a plan that
 * waits already; waited for, that of its rollup.
 */
export async function runSubmit(words: readonly string[], flags: SubmitFlags): Promise<number> {
  const server = openServer(flags);
  const sources = { flag: flags.control ?? null, variable: clientEnvironment().control };
  const control = await controlRepository(sources, process.cwd());
  const listed = flags.reposFile === undefined ? [] : await repositoriesOfFile(flags.reposFile, ownerOf(control));
  const repositories = [...flags.repo, ...listed];
  const submission = submissionOf(control, { ...flags, words, repositories });
  const { body, raw } = await server.ask(
    { method: 'POST', path: '/fleets', body: submission, idempotencyKey: flags.idempotencyKey ?? randomUUID() },
    submittedAnswer,
  );
  const { created, fleet } = body;
  if (!created) tell(`The same command has a fleet that has not ended: ${fleet.id}.`);
  if (flags.wait) {
    const json = flags.json ? 'last' : null;
    return watch(server, fleet.id, { json, enough: (one) => hasEnded(one) || waitsForPerson(one) });
  }
  if (flags.json) sayJson(raw);
  else {
    say(fleetLines(fleet, inkOf(process.stdout)).join('\n'));
    if (process.stdout.isTTY && !hasEnded(fleet)) tell(`\`fleet status ${fleet.id} --watch\` follows it.`);
  }
  return !created && fleet.status === 'planned' && !flags.plan ? EXIT.waits : 0;
}

const ownerOf = (fullName: string): string => fullName.split('/')[0] ?? '';
