import { describe, expect, test } from 'vitest';
import type { Description, Json } from '../kept/description.ts';
import { compareContracts } from './compare-contracts.ts';
import { answering, asking, description, fieldsOf, json, operation, sending } from './contract-fixtures.ts';
import { describeChange } from './describe-changes.ts';

const texts = (kept: Description, newer: Description): string[] =>
  compareContracts(kept, newer).map((change) => {
    const { weight, text } = describeChange(change);
    return `${weight}: ${text.split(' — ')[0]}`;
  });

const text = { type: 'string' };
const POST = 'POST /repos/{owner}/{repo}/labels (request)';
const GET = 'GET /repos/{owner}/{repo}/labels (answer)';

/** What the schemas of one field say in a request and in an answer. */
const field = (kept: Json, newer: Json): string[] => [
  ...texts(sending(fieldsOf({ a: kept })), sending(fieldsOf({ a: newer }))),
  ...texts(answering(fieldsOf({ a: kept })), answering(fieldsOf({ a: newer }))),
];

describe('fields', () => {
  const fields = (keptRequired: string[], newerRequired: string[]): [string[], string[]] => {
    const [kept, newer] = [fieldsOf({ a: text }, keptRequired), fieldsOf({ a: text }, newerRequired)];
    return [texts(sending(kept), sending(newer)), texts(answering(kept), answering(newer))];
  };

  test('a new one breaks requests only where it is required', () => {
    const kept = fieldsOf({});
    const newer = fieldsOf({ a: text, b: text }, ['b']);
    expect(texts(sending(kept), sending(newer))).toEqual([
      `breaks requests: ${POST}: new field \`b\`, required (string)`,
      `widens: ${POST}: new field \`a\`, optional (string)`,
    ]);
    expect(texts(answering(kept), answering(newer))).toEqual([
      `widens: ${GET}: new field \`a\`, optional (string)`,
      `widens: ${GET}: new field \`b\`, required (string)`,
    ]);
  });

  test('one that is gone breaks both sides', () => {
    const kept = fieldsOf({ a: text }, ['a']);
    expect(texts(sending(kept), sending(fieldsOf({})))).toEqual([
      `breaks requests: ${POST}: field \`a\` is gone (string, required)`,
    ]);
    expect(texts(answering(kept), answering(fieldsOf({})))).toEqual([
      `breaks answers: ${GET}: field \`a\` is gone (string, required)`,
    ]);
  });

  test('a required one that became optional breaks answers', () => {
    expect(fields(['a'], [])).toEqual([
      [`widens: ${POST}: field \`a\` is no longer required`],
      [`breaks answers: ${GET}: field \`a\` is no longer required`],
    ]);
  });

  test('an optional one that became required breaks requests', () => {
    expect(fields([], ['a'])).toEqual([
      [`breaks requests: ${POST}: field \`a\` is now required`],
      [`widens: ${GET}: field \`a\` is now required`],
    ]);
  });

  test('one inside of a list is named by its path', () => {
    const listOf = (schema: Json) => fieldsOf({ labels: { type: 'array', items: schema } });
    expect(texts(answering(listOf(fieldsOf({ name: text }))), answering(listOf(fieldsOf({}))))).toEqual([
      `breaks answers: ${GET}: field \`labels[].name\` is gone (string, optional)`,
    ]);
  });

  test('unknown ones that are refused from now on break requests', () => {
    expect(texts(sending({ type: 'object' }), sending({ type: 'object', additionalProperties: false }))).toEqual([
      `breaks requests: ${POST}: field \`.*\` has a tighter limit (true → false)`,
    ]);
  });
});

describe('values', () => {
  test.each<[string, Json, Json, string, string, string]>([
    ['null', text, { ...text, nullable: true }, 'may now be null', 'widens', 'breaks answers'],
    ['no null', { ...text, nullable: true }, text, 'may no longer be null', 'breaks requests', 'widens'],
    [
      'another type',
      text,
      { type: 'integer' },
      'has another type (string → integer)',
      'breaks requests',
      'breaks answers',
    ],
    ['any type', text, {}, 'has more types (string → anything)', 'widens', 'breaks answers'],
    [
      'a narrower number',
      { type: 'number' },
      { type: 'integer' },
      'has fewer types (number → integer)',
      'breaks requests',
      'widens',
    ],
    [
      'a new value',
      { ...text, enum: ['x'] },
      { ...text, enum: ['x', 'y'] },
      'has new values (["y"])',
      'widens',
      'breaks answers',
    ],
    [
      'a value less',
      { ...text, enum: ['x', 'y'] },
      { ...text, enum: ['x'] },
      'has lost values (["y"])',
      'breaks requests',
      'widens',
    ],
    [
      'a format',
      text,
      { ...text, format: 'uri' },
      'has a new rule (format none → format uri)',
      'breaks requests',
      'widens',
    ],
    [
      'another pattern',
      { ...text, pattern: 'a' },
      { ...text, pattern: 'b' },
      'has another rule (pattern a → pattern b)',
      'breaks requests',
      'breaks answers',
    ],
    [
      'a lower maximum',
      { ...text, maxLength: 9 },
      { ...text, maxLength: 5 },
      'has a tighter limit (maxLength 9 → maxLength 5)',
      'breaks requests',
      'widens',
    ],
    [
      'no minimum',
      { ...text, minLength: 9 },
      text,
      'has a looser limit (minLength 9 → minLength none)',
      'widens',
      'widens',
    ],
    [
      'a form more',
      { oneOf: [text] },
      { oneOf: [text, { type: 'integer' }] },
      'has a new form ({"type":"integer"})',
      'widens',
      'breaks answers',
    ],
    [
      'forms in place of one',
      text,
      { oneOf: [{ type: 'integer' }, text] },
      'has a new form ({"type":"integer"})',
      'widens',
      'breaks answers',
    ],
    ['deprecation', text, { ...text, deprecated: true }, 'is deprecated (true)', 'announces', 'announces'],
  ])('%s is weighed by who writes it', (_name, kept, newer, clause, request, answer) => {
    expect(field(kept, newer)).toEqual([
      `${request}: ${POST}: field \`a\` ${clause}`,
      `${answer}: ${GET}: field \`a\` ${clause}`,
    ]);
  });

  test.each<[string, Json, Json]>([
    ['null as a form of its own', { ...text, nullable: true }, { oneOf: [text, { type: 'null' }] }],
    ['the width of numbers', { type: 'integer' }, { type: 'integer', format: 'int64' }],
    ['the order of forms', { oneOf: [text, { type: 'integer' }] }, { oneOf: [{ type: 'integer' }, text] }],
  ])('%s is no change', (_name, kept, newer) => {
    expect(field(kept, newer)).toEqual([]);
  });

  test('an announcement of the next API version is told once', () => {
    const announced = (...names: string[]) => ({
      ...text,
      'x-github-breaking-changes': names.map((changeset) => ({ changeset, version: '2026-03-10' })),
    });
    expect(
      texts(answering(fieldsOf({ a: announced('one') })), answering(fieldsOf({ a: announced('one', 'two') }))),
    ).toEqual([`announces: ${GET}: a breaking change of field \`a\` is announced (two in API version 2026-03-10)`]);
  });

  test('what all parts of a schema say together is compared, not how it is cut', () => {
    const components = { schemas: { issue: fieldsOf({ id: text }) } };
    const issue = { $ref: '#/components/schemas/issue' };
    expect(
      texts(answering(issue, components), answering({ allOf: [issue, fieldsOf({ b: text })] }, components)),
    ).toEqual([`widens: ${GET}: new field \`b\`, optional (string)`]);
  });
});

describe('operations', () => {
  const PATH = '/repos/{owner}/{repo}/labels';
  const withAnswers = (...statuses: string[]) =>
    description({
      paths: { [PATH]: { get: { responses: Object.fromEntries(statuses.map((status) => [status, {}])) } } },
    });

  test('one that is gone is a change', () => {
    expect(texts(sending({}), description({}))).toEqual([`breaks requests: ${POST}: operation is gone`]);
  });

  test('a webhook that is gone breaks answers', () => {
    const kept = description({ webhooks: { push: { post: operation({}) } } });
    expect(texts(kept, description({}))).toEqual(['breaks answers: webhook push: webhook is gone']);
  });

  test('another success breaks answers, another error does not', () => {
    expect(texts(withAnswers('200', '404'), withAnswers('202', '410'))).toEqual([
      `breaks answers: ${GET}: status 200 is gone`,
      `breaks answers: ${GET}: new status 202`,
      `widens: ${GET}: status 404 is gone`,
      `widens: ${GET}: new status 410`,
    ]);
  });

  test('a parameter that is required from now on breaks requests', () => {
    expect(texts(asking({}), asking({ required: true }))).toEqual([
      'breaks requests: GET /repos/{owner}/{repo}/labels (request): query parameter `sort` is now required',
    ]);
  });

  test('another default changes what we get for what we leave out', () => {
    const by = (value: string) => asking({ schema: { ...text, default: value } });
    expect(texts(by('created'), by('updated'))).toEqual([
      'breaks answers: GET /repos/{owner}/{repo}/labels (request): query parameter `sort` has another default (created → updated)',
    ]);
  });

  test('a new parameter counts by whether it is required', () => {
    const kept = description({ paths: { [PATH]: { get: operation({}) } } });
    expect(texts(kept, asking({ required: true }))).toEqual([
      'breaks requests: GET /repos/{owner}/{repo}/labels (request): new query parameter `sort`, required',
    ]);
    expect(texts(asking({}), kept)).toEqual([
      'breaks requests: GET /repos/{owner}/{repo}/labels (request): query parameter `sort` is gone',
    ]);
  });
});

describe('what several share', () => {
  const user = { $ref: '#/components/schemas/user' };
  const shared = (schema: Json) =>
    description({
      paths: {
        '/user': { get: operation({ responses: { '200': json(user) } }) },
        '/users': {
          get: operation({ responses: { '200': json({ type: 'array', items: user }) } }),
          post: operation({ requestBody: json(user) }),
        },
      },
      webhooks: { push: { post: operation({ requestBody: json(fieldsOf({ sender: user })) }) } },
      components: { schemas: { user: schema } },
    });

  test('is one change with all who reach it, and on which side', () => {
    const changes = compareContracts(shared(fieldsOf({ login: text })), shared(fieldsOf({})));
    expect(changes).toEqual([
      {
        weight: 'breaks requests',
        kind: 'gone',
        subject: 'field `login`',
        component: 'components/schemas/user',
        pointer: '#/components/schemas/user/properties/login',
        before: 'string, optional',
        now: undefined,
        requests: ['POST /users'],
        answers: ['GET /user', 'GET /users', 'webhook push'],
      },
    ]);
  });

  test('ends where a component refers to itself', () => {
    const tree = (schema: Json) => shared(fieldsOf({ parent: user, name: schema }));
    expect(compareContracts(tree(text), tree({ type: 'integer' }))).toHaveLength(1);
  });

  test('is told at the field when the reference alone changed to one that may be null', () => {
    const components = { schemas: { user: fieldsOf({}), 'nullable-user': { ...fieldsOf({}), nullable: true } } };
    const kept = answering(fieldsOf({ owner: user }), components);
    const newer = answering(fieldsOf({ owner: { $ref: '#/components/schemas/nullable-user' } }), components);
    expect(texts(kept, newer)).toEqual([`breaks answers: ${GET}: field \`owner\` may now be null`]);
  });
});
