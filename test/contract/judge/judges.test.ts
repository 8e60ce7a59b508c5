import { describe, expect, test } from 'vitest';
import { correct, corrections } from '../kept/corrections.ts';
import { follow } from '../kept/description.ts';
import { readKeptDescription } from '../kept/read-kept.ts';
import { openContract } from './contract.ts';
import { judgeAnswer } from './judge-answer.ts';
import { judgeGraphql } from './judge-graphql.ts';
import { judgeRequest } from './judge-request.ts';
import { judgeWebhook } from './judge-webhook.ts';
import { createMatcher } from './match-operation.ts';

const description = correct(readKeptDescription());
const contract = openContract(description);
const match = createMatcher(description);

/** `POST /repos/acme/api/pulls?x=1` with a JSON body, judged; each fault as `at message (pointer)`. */
function request(line: string, body?: object): string[] {
  const [method = '', address = ''] = line.split(' ');
  const url = new URL(address, 'http://localhost');
  const operation = match(method, url.pathname);
  if (operation === undefined) return ['no operation'];
  const text = body === undefined ? undefined : JSON.stringify(body);
  return judgeRequest(contract, { operation, query: url.searchParams, body: text }).map(
    ({ at, message, pointer }) => `${at} ${message} (${pointer})`,
  );
}

const PULLS = '#/paths/~1repos~1{owner}~1{repo}~1pulls';

describe('a request', () => {
  const pull = { title: 't', head: 'fleet/x', base: 'main', body: 'b' };

  test('that is right has no faults', () => {
    expect(request('POST /repos/acme/api/pulls', pull)).toEqual([]);
    expect(request('GET /repos/acme/api/pulls?head=acme%3Afleet%2Fx&state=all&per_page=100')).toEqual([]);
  });

  test('with a renamed field is told by the old name and by the new one', () => {
    const { base, ...rest } = pull;
    const schema = `${PULLS}/post/requestBody/content/application~1json/schema`;
    expect(request('POST /repos/acme/api/pulls', { ...rest, basis: base })).toEqual([
      `body must have required property 'base' (${schema}/required)`,
      `body/basis is a field that GitHub does not know (${schema}/properties)`,
    ]);
  });

  test('with a field of another type names the field', () => {
    const [fault] = request('POST /repos/acme/api/pulls', { ...pull, draft: 'yes' });
    expect(fault).toContain('body/draft must be boolean');
  });

  test('with an unknown parameter, or one out of its range of values, names the parameter', () => {
    expect(request('GET /repos/acme/api/pulls?stat=all')).toEqual([
      `query/stat is a parameter that GitHub does not know (${PULLS}/get/parameters)`,
    ]);
    const [fault] = request('GET /repos/acme/api/pulls?state=merged');
    expect(fault).toContain('query/state must be equal to one of the allowed values: ["open","closed","all"]');
    expect(request('GET /repos/acme/api/issues/one')).toHaveLength(1);
  });

  test('with a body where there is none, and without one where it is demanded, is told', () => {
    expect(request('GET /app', { a: 1 })[0]).toContain('body is sent where GitHub takes none');
    expect(request('POST /repos/acme/api/pulls')[0]).toContain('body is required');
    expect(request('POST /app/installations/7/access_tokens')).toEqual([]);
  });

  test('with a parameter given twice, or a body that is no JSON, is told', () => {
    expect(request('GET /repos/acme/api/pulls?state=all&state=open')[0]).toContain(
      'query/state is given several times',
    );
    const operation = match('POST', '/repos/acme/api/pulls');
    if (operation === undefined) throw new Error('There is no such operation.');
    const [fault] = judgeRequest(contract, { operation, query: new URLSearchParams(), body: '{' });
    expect(fault?.at).toBe('body');
  });

  test('finds its operation by method and path, names with slashes included', () => {
    expect(match('GET', '/repos/acme/api/contents/src/a.txt')?.values.path).toBe('src/a.txt');
    expect(match('GET', '/repos/acme/api/git/ref/heads%2Fmain')?.values.ref).toBe('heads/main');
    expect(match('GET', '/repos/acme/api/issues/comments')?.name).toBe('GET /repos/{owner}/{repo}/issues/comments');
    expect(match('DELETE', '/repos/acme/api/pulls')).toBeUndefined();
    expect(match('GET', '/repos/acme/api/pull')).toBeUndefined();
  });
});

function answer(operation: string, status: number, value: unknown, as: { contentType?: string; accept?: string } = {}) {
  const body = value === undefined ? '' : JSON.stringify(value);
  const { contentType = 'application/json; charset=utf-8', accept = '*/*' } = as;
  return judgeAnswer(contract, { operation, status, contentType, body, accept }).map(
    ({ at, message, pointer }) => `${at} ${message} (${pointer})`,
  );
}

describe('an answer', () => {
  const reference = {
    ref: 'refs/heads/main',
    node_id: 'x',
    url: 'https://api.github.com/repos/acme/api/git/refs/heads/main',
    object: { type: 'commit', sha: 'a'.repeat(40), url: 'https://api.github.com/repos/acme/api/git/commits/a' },
  };
  const operation = 'GET /repos/{owner}/{repo}/git/ref/{ref}';

  test('that is right has no faults', () => {
    expect(answer(operation, 200, reference)).toEqual([]);
    expect(answer(operation, 404, { message: 'Not Found', documentation_url: 'https://docs.github.com/rest' })).toEqual(
      [],
    );
    expect(answer('DELETE /repos/{owner}/{repo}/git/refs/{ref}', 204, undefined)).toEqual([]);
  });

  test('with a renamed field, deep inside too, is told by the old name and by the new one', () => {
    const { sha, ...object } = reference.object;
    expect(answer(operation, 200, { ...reference, object: { ...object, sah: sha } })).toEqual([
      "answer/object must have required property 'sha' (#/components/schemas/git-ref/properties/object/required)",
      'answer/object/sah is a field that GitHub does not know (#/components/schemas/git-ref/properties/object/properties)',
    ]);
  });

  test('with a status that GitHub does not give there is told', () => {
    expect(answer(operation, 202, reference)[0]).toContain('202 is not promised');
    expect(answer('POST /repos/{owner}/{repo}/pulls', 418, { message: 'no' })[0]).toContain('418 is not promised');
  });

  test('with a body where GitHub sends none, and an error without a message, is told', () => {
    expect(answer('DELETE /repos/{owner}/{repo}/git/refs/{ref}', 204, {})[0]).toContain('has a body');
    expect(answer(operation, 404, {})[0]).toContain('answer/message is missing');
  });

  test('that is an error has the form of one, and failures of GitHub are promised nowhere', () => {
    const error = { message: 'Not Found', documentation_url: 'https://docs.github.com/rest' };
    expect(answer(operation, 404, { ...error, code: 7 })[0]).toContain(
      'answer/code is a field that GitHub does not know',
    );
    expect(answer('GET /app', 404, error, { contentType: 'text/plain' })[0]).toContain('is an error that is no JSON');
    expect(answer('GET /app', 500, { message: 'Server Error' })[0]).toContain('500 is not promised');
  });

  test('that is no JSON is right only where a text was asked for', () => {
    const contentType = 'text/plain';
    expect(answer(operation, 200, reference, { contentType })[0]).toContain('content-type text/plain is not promised');
    const accept = 'application/vnd.github.raw+json';
    expect(answer('GET /repos/{owner}/{repo}/contents/{path}', 200, 'text', { contentType, accept })).toEqual([]);
  });

  test('may hold null only where the description says so', () => {
    const account = { ...reference, node_id: null };
    expect(answer(operation, 200, account)).toEqual([
      'answer/node_id must be string (#/components/schemas/git-ref/properties/node_id/type)',
    ]);
  });
});

describe('a webhook', () => {
  const GITHUB = ['delivery', 'event', 'hook-id', 'hook-installation-target-id', 'hook-installation-target-type'];
  const headers = Object.fromEntries(
    ['user-agent', ...GITHUB.map((name) => `x-github-${name}`)].map((name) => [name, 'x']),
  );

  test('without a field that GitHub sends, and with one that it does not, is told', () => {
    const body = JSON.stringify({ action: 'created', coment: {} });
    const faults = judgeWebhook(contract, { event: 'issue_comment', action: 'created', headers, body });
    expect(faults.map(({ at, message }) => `${at} ${message}`)).toEqual(
      expect.arrayContaining([
        "webhook must have required property 'comment'",
        'webhook/coment is a field that GitHub does not know',
      ]),
    );
  });

  test('without a header that GitHub sends, or without JSON, is told', () => {
    const { 'x-github-delivery': _, ...rest } = headers;
    const faults = judgeWebhook(contract, { event: 'push', action: null, headers: rest, body: '{' });
    expect(faults.map(({ at, message }) => `${at} ${message}`)).toEqual([
      'header/x-github-delivery is missing',
      'webhook is no JSON',
    ]);
  });

  test('of a kind that is not in the contract is told', () => {
    expect(judgeWebhook(contract, { event: 'star', action: 'created', headers, body: '{}' })).toEqual([
      { at: 'event', message: 'star-created is no webhook in the contract', pointer: '#/x-webhooks' },
    ]);
  });
});

describe('a GraphQL document', () => {
  const send = (query: string, variables?: object) =>
    judgeGraphql(JSON.stringify({ query, ...(variables === undefined ? {} : { variables }) })).map(
      ({ message }) => message,
    );
  const query = 'query ($owner: String!) { repository(owner: $owner, name: "api") { id } }';

  test('that fits the schema has no faults', () => {
    expect(send(query, { owner: 'acme' })).toEqual([]);
  });

  test('with an unknown field, a missing variable or a broken text is told', () => {
    expect(send(query.replace('id', 'idd'), { owner: 'acme' })[0]).toContain('Cannot query field "idd"');
    expect(send(query, {})[0]).toContain('"$owner"');
    expect(send('query {')[0]).toContain('Syntax Error');
  });

  test('with a variable that it does not declare, or in a request that is no JSON, is told', () => {
    expect(send(query, { owner: 'acme', name: 'api' })).toEqual(['the variable "$name" is not declared']);
    expect(judgeGraphql('{')).toHaveLength(1);
    expect(judgeGraphql(undefined)).toHaveLength(1);
  });
});

test('every fault points to a place in the description, however deep', () => {
  const user = { login: 1, id: 'x' };
  const repository = {
    owner: user,
    topics: 3,
    license: {},
    private: null,
    permissions: { push: 1 },
    custom_properties: 2,
  };
  const comment = {
    user: null,
    body: 1,
    reactions: { '+1': 'x' },
    author_association: 'NOBODY',
    performed_via_github_app: 4,
  };
  const issue = {
    user,
    labels: [{}, 3],
    milestone: 7,
    state: 'gone',
    assignees: {},
    created_at: 'now',
    pull_request: 1,
  };
  const webhook = { action: 'x', comment, issue, repository, sender: 4, installation: [], organization: user, more: 1 };
  const faults = [
    ...judgeWebhook(contract, {
      event: 'issue_comment',
      action: 'created',
      headers: {},
      body: JSON.stringify(webhook),
    }),
    ...['GET /repos/{owner}/{repo}', 'GET /app', 'GET /repos/{owner}/{repo}/issues/{issue_number}'].flatMap(
      (operation) =>
        [repository, issue, [], null, { permissions: 3, license: { key: 2 } }].flatMap((value) =>
          judgeAnswer(contract, {
            operation,
            status: 200,
            contentType: 'application/json',
            body: JSON.stringify(value),
            accept: '*/*',
          }),
        ),
    ),
  ];
  expect(faults.length).toBeGreaterThan(100);
  const lost = faults.filter(({ pointer }) => !leadsSomewhere(pointer));
  expect(lost).toEqual([]);
  // Some of them in the repository inside the webhook, by its own name.
  expect(faults).toContainEqual({
    at: 'webhook/repository/private',
    message: 'must be boolean',
    pointer: '#/components/schemas/repository-webhooks/properties/private/type',
  });
});

function leadsSomewhere(pointer: string): boolean {
  try {
    return follow(description, pointer) !== undefined;
  } catch {
    return false;
  }
}

test('every correction changes what GitHub describes, and says why', () => {
  const original = readKeptDescription();
  for (const { pointer, becomes, reason } of corrections) {
    expect(follow(original, pointer), pointer).not.toEqual(becomes);
    expect(follow(description, pointer)).toEqual(becomes);
    expect(reason.length).toBeGreaterThan(20);
  }
  expect(() => correct(original, [{ pointer: '#/paths/~1gone', becomes: {}, reason: 'none' }])).toThrow(
    'leads nowhere',
  );
});
