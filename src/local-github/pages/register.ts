import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../api-error.ts';
import type { Context } from '../context.ts';
import { cookieName } from '../page-key.ts';
import { accountByLogin, isPull, issueByNumber, repositoryByFormerName, repositoryByName } from '../state/queries.ts';
import type { Issue, Repository } from '../state/records.ts';
import { branchesPage } from './branches-page.ts';
import { confirmPage, decidePage, devicePage } from './device-page.ts';
import { html } from './html.ts';
import { avatarImage, icon } from './images.ts';
import { issueListPage, issuePage } from './issue-page.ts';
import { page } from './layout.ts';
import { issuePath } from './names.ts';
import { accountPage, organizationsPage } from './organizations-page.ts';
import { postComment } from './post-comment.ts';
import { postTask } from './post-task.ts';
import { pullPage } from './pull-page.ts';
import { codePage, commitPage, filePage } from './repository-page.ts';
import { style } from './style.ts';

/** Nothing of a page can run or load anything but our stylesheet and pictures, whatever its texts contain. */
const policy =
  "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

type Params = Readonly<Record<string, string>>;
type Serve = (params: Params, request: FastifyRequest, reply: FastifyReply) => unknown;

/**
 * The pages on which a person reads what happened. They ask for no sign-in and show every repository: the server
 * listens on loopback only and holds copies.
 */
export async function registerPages(app: FastifyInstance, context: Context): Promise<void> {
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit: 1024 * 1024 }, (_request, body, done) =>
      done(null, body),
    );
    scope.addHook('onRequest', async (_request, reply) => {
      reply.headers({
        'content-security-policy': policy,
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'same-origin',
        'cache-control': 'no-store',
        'set-cookie': `${cookieName(context.baseUrl)}=${context.pageKey.cookie}; Path=/; HttpOnly; SameSite=Strict`,
      });
    });
    scope.setErrorHandler((error, _request, reply) => {
      if (!(error instanceof ApiError)) throw error;
      const message = html`<main><p class="blank">${error.status}: ${error.message}</p></main>`;
      return reply
        .code(error.status)
        .type('text/html; charset=utf-8')
        .send(page(String(error.status), message));
    });
    const get = (url: string, serve: Serve, type = 'text/html; charset=utf-8'): void => {
      scope.get<{ Params: Params }>(url, async (request, reply) => {
        const content = await serve(request.params, request, reply);
        return reply.sent ? reply : reply.type(type).send(content);
      });
    };
    get('/-/style.css', () => style, 'text/css; charset=utf-8');
    get('/-/icon.svg', () => icon, 'image/svg+xml');
    get('/avatars/u/:id', ({ id }) => avatarImage(found(context.state.accounts.get(Number(id)))), 'image/svg+xml');
    registerAcrossRepositories(get, context);
    registerRepository(get, context);
    get('/login/device', () => devicePage(context));
    scope.post('/login/device', async (request, reply) => sendHtml(reply, confirmPage(context, request)));
    scope.post('/login/device/authorize', async (request, reply) => sendHtml(reply, decidePage(context, request)));
    scope.post<{ Params: Params }>('/:owner/:repo/issues/:number/tasks', async (request, reply) => {
      const { repository, issue } = issueOf(context, request.params);
      postTask(context, request, repository, issue);
      return reply.redirect(issuePath(context, issue), 303);
    });
    for (const kind of ['issues', 'pull']) {
      scope.post<{ Params: Params }>(`/:owner/:repo/${kind}/:number/comments`, async (request, reply) => {
        const { repository, issue } = issueOf(context, request.params);
        const comment = postComment(context, request, repository, issue);
        return reply.redirect(`${issuePath(context, issue)}#issuecomment-${comment.id}`, 303);
      });
    }
  });
}

const sendHtml = (reply: FastifyReply, content: string): FastifyReply =>
  reply.type('text/html; charset=utf-8').send(content);

type Get = (url: string, serve: Serve, type?: string) => void;

function registerAcrossRepositories(get: Get, context: Context): void {
  get('/', () => organizationsPage(context));
  get('/pulls', () => branchesPage(context));
  get('/:owner', ({ owner = '' }) => accountPage(context, found(accountByLogin(context.state, owner))));
  get('/apps/:slug', ({ slug = '' }) => accountPage(context, found(accountByLogin(context.state, `${slug}[bot]`))));
}

function registerRepository(get: Get, context: Context): void {
  get('/:owner/:repo', (params) => {
    const repository = repositoryOf(context, params);
    return codePage(context, repository, repository.defaultBranch);
  });
  get('/:owner/:repo/tree/*', async (params) =>
    found(await codePage(context, repositoryOf(context, params), params['*'] ?? '')),
  );
  get('/:owner/:repo/blob/:revision/*', async (params) =>
    found(await filePage(context, repositoryOf(context, params), params.revision ?? '', params['*'] ?? '')),
  );
  get('/:owner/:repo/commit/:sha', async (params) =>
    found(await commitPage(context, repositoryOf(context, params), params.sha ?? '')),
  );
  for (const kind of ['issues', 'pulls'] as const) {
    get(`/:owner/:repo/${kind}`, (params, request) => {
      const closed = new URL(request.url, context.baseUrl).searchParams.get('state') === 'closed';
      return issueListPage(context, repositoryOf(context, params), kind, closed ? 'closed' : 'open');
    });
  }
  for (const kind of ['issues', 'pull'] as const) {
    get(`/:owner/:repo/${kind}/:number`, (params, _request, reply) => {
      const { repository, issue } = issueOf(context, params);
      // As on GitHub, a number under the wrong kind leads to the right page.
      if (isPull(issue) !== (kind === 'pull')) return reply.redirect(issuePath(context, issue), 302);
      return isPull(issue) ? pullPage(context, repository, issue) : issuePage(context, repository, issue);
    });
  }
}

function repositoryOf(context: Context, { owner = '', repo = '' }: Params): Repository {
  const name = repo.replace(/\.git$/, '');
  return found(repositoryByName(context.state, owner, name) ?? repositoryByFormerName(context.state, owner, name));
}

function issueOf(context: Context, params: Params): { repository: Repository; issue: Issue } {
  const repository = repositoryOf(context, params);
  const number = /^\d{1,9}$/.test(params.number ?? '') ? Number(params.number) : 0;
  return { repository, issue: found(issueByNumber(context.state, repository.id, number)) };
}

/** @throws ApiError 404 */
function found<T>(value: T | undefined): T {
  if (value === undefined) throw new ApiError(404, 'There is nothing here.');
  return value;
}
