import { roleOf } from '../access/permissions.ts';
import type { Actor } from '../actor.ts';
import type { Context } from '../context.ts';
import { propertiesOf } from '../operations/set-properties.ts';
import { nodeId } from '../state/node-id.ts';
import { fullName, issuesOf } from '../state/queries.ts';
import type { Repository } from '../state/records.ts';
import { renderRoleFlags, renderSimpleUser } from './account.ts';
import { timestamp } from './time.ts';

/** The repository object of lists, of webhooks and inside pull requests. */
export function renderRepository(context: Context, repository: Repository) {
  const name = fullName(context.state, repository);
  const open = issuesOf(context.state, repository.id).filter((issue) => issue.state === 'open').length;
  const forks = context.state.repositories.where((other) => other.parentId === repository.id).length;
  return {
    id: repository.id,
    node_id: nodeId('repository', repository.id),
    name: repository.name,
    full_name: name,
    private: repository.visibility !== 'public',
    owner: renderSimpleUser(context, context.state.accounts.need(repository.ownerId)),
    html_url: `${context.baseUrl}/${name}`,
    description: repository.description,
    fork: repository.fork,
    ...repositoryUrls(context.baseUrl, name),
    created_at: timestamp(repository.createdAt),
    updated_at: timestamp(repository.updatedAt),
    pushed_at: timestamp(repository.pushedAt),
    homepage: repository.homepage,
    size: repository.empty ? 0 : 1,
    stargazers_count: 0,
    watchers_count: 0,
    language: null,
    has_issues: repository.hasIssues,
    has_projects: false,
    has_downloads: true,
    has_wiki: false,
    has_pages: false,
    has_discussions: false,
    forks_count: forks,
    mirror_url: null,
    archived: repository.archived,
    disabled: repository.disabled,
    open_issues_count: open,
    license: null,
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
    topics: repository.topics,
    visibility: repository.visibility,
    forks,
    open_issues: open,
    watchers: 0,
    default_branch: repository.defaultBranch,
  };
}

/** With what only some lists carry: custom properties, and what the actor may do. */
export function renderListedRepository(context: Context, actor: Actor, repository: Repository) {
  return {
    ...renderRepository(context, repository),
    permissions: renderRoleFlags(actor.kind === 'user' ? roleOf(context.state, actor.account, repository) : 'none'),
    custom_properties: customPropertiesOf(context, repository),
  };
}

/** A person's repositories have none. */
function customPropertiesOf({ state }: Context, repository: Repository) {
  return propertiesOf(state.accounts.need(repository.ownerId), repository);
}

/** The answer of `GET /repos/{owner}/{repo}`. */
export function renderFullRepository(context: Context, actor: Actor, repository: Repository) {
  const owner = context.state.accounts.need(repository.ownerId);
  const base = renderListedRepository(context, actor, repository);
  const parent = repository.parentId === null ? undefined : context.state.repositories.get(repository.parentId);
  const origin = parent === undefined ? undefined : renderRepository(context, parent);
  return {
    ...base,
    temp_clone_token: null,
    allow_squash_merge: repository.allowSquashMerge,
    allow_merge_commit: repository.allowMergeCommit,
    allow_rebase_merge: repository.allowRebaseMerge,
    allow_auto_merge: false,
    delete_branch_on_merge: repository.deleteBranchOnMerge,
    allow_update_branch: false,
    use_squash_pr_title_as_default: false,
    squash_merge_commit_message: 'COMMIT_MESSAGES',
    squash_merge_commit_title: 'COMMIT_OR_PR_TITLE',
    merge_commit_message: 'PR_TITLE',
    merge_commit_title: 'MERGE_MESSAGE',
    ...(owner.type === 'Organization' ? { organization: renderSimpleUser(context, owner) } : {}),
    ...(origin === undefined ? {} : { parent: origin, source: origin }),
    network_count: base.forks_count,
    subscribers_count: 0,
  };
}

function repositoryUrls(baseUrl: string, name: string) {
  const api = `${baseUrl}/api/v3/repos/${name}`;
  const host = new URL(baseUrl).hostname;
  return {
    url: api,
    forks_url: `${api}/forks`,
    keys_url: `${api}/keys{/key_id}`,
    collaborators_url: `${api}/collaborators{/collaborator}`,
    teams_url: `${api}/teams`,
    hooks_url: `${api}/hooks`,
    issue_events_url: `${api}/issues/events{/number}`,
    events_url: `${api}/events`,
    assignees_url: `${api}/assignees{/user}`,
    branches_url: `${api}/branches{/branch}`,
    tags_url: `${api}/tags`,
    blobs_url: `${api}/git/blobs{/sha}`,
    git_tags_url: `${api}/git/tags{/sha}`,
    git_refs_url: `${api}/git/refs{/sha}`,
    trees_url: `${api}/git/trees{/sha}`,
    statuses_url: `${api}/statuses/{sha}`,
    languages_url: `${api}/languages`,
    stargazers_url: `${api}/stargazers`,
    contributors_url: `${api}/contributors`,
    subscribers_url: `${api}/subscribers`,
    subscription_url: `${api}/subscription`,
    commits_url: `${api}/commits{/sha}`,
    git_commits_url: `${api}/git/commits{/sha}`,
    comments_url: `${api}/comments{/number}`,
    issue_comment_url: `${api}/issues/comments{/number}`,
    contents_url: `${api}/contents/{+path}`,
    compare_url: `${api}/compare/{base}...{head}`,
    merges_url: `${api}/merges`,
    archive_url: `${api}/{archive_format}{/ref}`,
    downloads_url: `${api}/downloads`,
    issues_url: `${api}/issues{/number}`,
    pulls_url: `${api}/pulls{/number}`,
    milestones_url: `${api}/milestones{/number}`,
    notifications_url: `${api}/notifications{?since,all,participating}`,
    labels_url: `${api}/labels{/name}`,
    releases_url: `${api}/releases{/id}`,
    deployments_url: `${api}/deployments`,
    git_url: `git://${host}/${name}.git`,
    ssh_url: `git@${host}:${name}.git`,
    clone_url: `${baseUrl}/${name}.git`,
    svn_url: `${baseUrl}/${name}`,
  };
}
