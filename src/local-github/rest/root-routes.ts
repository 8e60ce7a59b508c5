import { ApiError, notFound } from '../api-error.ts';
import { renderPrivateUser, renderPublicUser } from '../render-json/account.ts';
import { accountByLogin } from '../state/queries.ts';
import { rateKey } from './admit.ts';
import { noBody, noQuery } from './call.ts';
import { anyoneRoute } from './route.ts';

export const rootRoutes = [
  anyoneRoute({
    method: 'GET',
    path: '/',
    query: noQuery,
    body: noBody,
    handler: ({ context }) => ({ status: 200, body: rootLinks(`${context.baseUrl}/api/v3`) }),
  }),
  anyoneRoute({
    method: 'GET',
    path: '/meta',
    query: noQuery,
    body: noBody,
    handler: () => ({ status: 200, body: { verifiable_password_authentication: false } }),
  }),
  anyoneRoute({
    method: 'GET',
    path: '/rate_limit',
    query: noQuery,
    body: noBody,
    handler: ({ context, actor }) => {
      const key = rateKey(actor);
      context.limits.refund(key, 'core');
      const core = context.limits.status(key, 'core');
      const graphql = context.limits.status(key, 'graphql');
      const search = { ...core, limit: 30, remaining: 30, used: 0 };
      return { status: 200, body: { resources: { core, graphql, search }, rate: core } };
    },
  }),
  anyoneRoute({
    method: 'GET',
    path: '/user',
    query: noQuery,
    body: noBody,
    handler: ({ context, actor }) => {
      if (actor.kind === 'anonymous') throw new ApiError(401, 'Requires authentication');
      if (actor.kind !== 'user') throw new ApiError(403, 'Resource not accessible by integration');
      return { status: 200, body: renderPrivateUser(context, actor.account) };
    },
  }),
  anyoneRoute({
    method: 'GET',
    path: '/users/{username}',
    query: noQuery,
    body: noBody,
    handler: ({ context, path }) => {
      const account = accountByLogin(context.state, path('username'));
      if (account === undefined) throw notFound();
      return { status: 200, body: renderPublicUser(context, account) };
    },
  }),
];

/** What GitHub lists at the root; clients use it to see that an API is there. */
function rootLinks(api: string) {
  return {
    current_user_url: `${api}/user`,
    current_user_authorizations_html_url: `${api}/settings/connections/applications{/client_id}`,
    authorizations_url: `${api}/authorizations`,
    code_search_url: `${api}/search/code?q={query}{&page,per_page,sort,order}`,
    commit_search_url: `${api}/search/commits?q={query}{&page,per_page,sort,order}`,
    emails_url: `${api}/user/emails`,
    emojis_url: `${api}/emojis`,
    events_url: `${api}/events`,
    feeds_url: `${api}/feeds`,
    followers_url: `${api}/user/followers`,
    following_url: `${api}/user/following{/target}`,
    gists_url: `${api}/gists{/gist_id}`,
    issue_search_url: `${api}/search/issues?q={query}{&page,per_page,sort,order}`,
    issues_url: `${api}/issues`,
    keys_url: `${api}/user/keys`,
    label_search_url: `${api}/search/labels?q={query}&repository_id={repository_id}{&page,per_page}`,
    notifications_url: `${api}/notifications`,
    organization_url: `${api}/orgs/{org}`,
    organization_repositories_url: `${api}/orgs/{org}/repos{?type,page,per_page,sort}`,
    organization_teams_url: `${api}/orgs/{org}/teams`,
    public_gists_url: `${api}/gists/public`,
    rate_limit_url: `${api}/rate_limit`,
    repository_url: `${api}/repos/{owner}/{repo}`,
    repository_search_url: `${api}/search/repositories?q={query}{&page,per_page,sort,order}`,
    current_user_repositories_url: `${api}/user/repos{?type,page,per_page,sort}`,
    starred_url: `${api}/user/starred{/owner}{/repo}`,
    starred_gists_url: `${api}/gists/starred`,
    user_url: `${api}/users/{user}`,
    user_organizations_url: `${api}/user/orgs`,
    user_repositories_url: `${api}/users/{user}/repos{?type,page,per_page,sort}`,
    user_search_url: `${api}/search/users?q={query}{&page,per_page,sort,order}`,
  };
}
