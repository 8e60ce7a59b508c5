import type { Context } from '../context.ts';
import { type Commit, listCommits } from '../git/commits.ts';
import { diffFiles } from '../git/diff.ts';
import { mergeBase, resolveCommit } from '../git/refs.ts';
import { fullName } from '../state/queries.ts';
import type { Pull, Repository } from '../state/records.ts';
import { conversation } from './conversation.ts';
import { diffView } from './diff-view.ts';
import { type Html, html } from './html.ts';
import { labels } from './issue-page.ts';
import { repositoryPage } from './layout.ts';
import { repositoryPath } from './names.ts';
import { authorName, countOf, statePill, timeAgo } from './parts.ts';

/** `/{owner}/{repo}/pull/{number}`: the conversation, the commits and the difference to the base. */
export async function pullPage(context: Context, repository: Repository, issue: Pull): Promise<string> {
  const author = context.state.accounts.need(issue.authorId);
  const { commits, diff } = await changes(context, repository, issue);
  const verb = issue.pull.mergedAt === null ? 'wants to merge' : 'merged';
  const body = html`<h2 class="subject">${issue.title} <span class="muted">#${issue.number}</span></h2>
<p class="lead">${statePill(issue)} ${authorName(author)} <span class="muted">${verb} ${countOf(commits.length, 'commit')} into <span class="branch">${issue.pull.baseRef}</span> from <span class="branch">${headLabel(context, repository, issue)}</span></span> ${labels(context, issue)}</p>
${conversation(context, repository, issue)}
<h3 id="commits">Commits</h3>
<ul class="box rows">${commits.map(
    (commit) =>
      html`<li><div class="grow"><a class="title" href="${repositoryPath(context, repository)}/commit/${commit.sha}">${commit.message.split('\n')[0]}</a>
<div class="muted">${commit.author.name} committed ${timeAgo(context, Date.parse(commit.committer.date))}</div></div><code>${commit.sha.slice(0, 7)}</code></li>`,
  )}</ul>
<h3 id="files">Files changed</h3>
${diff}`;
  return repositoryPage(context, repository, 'pulls', `${issue.title} #${issue.number}`, body);
}

/** What the head has and the base has not; nothing when the commits are gone. */
async function changes(
  context: Context,
  repository: Repository,
  { pull }: Pull,
): Promise<{ commits: Commit[]; diff: Html }> {
  const directory = context.state.gitDirectory(repository.id);
  const [base, head] = await Promise.all([
    resolveCommit(directory, pull.baseSha),
    resolveCommit(directory, pull.headSha),
  ]);
  if (base === undefined || head === undefined) {
    return { commits: [], diff: html`<p class="blank">The commits of this pull request are not here any more.</p>` };
  }
  const from = (await mergeBase(directory, base, head)) ?? base;
  const [commits, files] = await Promise.all([
    listCommits(directory, [head, `^${from}`], { order: 'oldest', max: 250 }),
    diffFiles(directory, from, head),
  ]);
  return { commits, diff: diffView(files) };
}

function headLabel(context: Context, repository: Repository, { pull }: Pull): string {
  if (pull.headRepositoryId === repository.id) return pull.headRef;
  const head = context.state.repositories.get(pull.headRepositoryId);
  return `${head === undefined ? 'unknown repository' : fullName(context.state, head)}:${pull.headRef}`;
}
