import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { githubSchema } from '../../../src/local-github/graphql/schema.ts';
import { compareDocuments, readSchema } from './compare-documents.ts';
import { sentDocuments } from './sent-documents.ts';

const document = 'query person($login: String!) { user(login: $login) { name } }';
const schema = (fields: string, argument = 'login: String!') =>
  readSchema(`type Query { user(${argument}): User } type User { ${fields} }`);
const kept = schema('name: String');

test('a field that is gone is a fault of the document that reads it', () => {
  expect(compareDocuments([document], kept, schema('login: String'))).toEqual([
    { weight: 'breaks requests', text: 'query person (GraphQL): Cannot query field "name" on type "User".' },
  ]);
});

test('an argument of another type is a fault', () => {
  expect(compareDocuments([document], kept, schema('name: String', 'login: ID!'))).toHaveLength(1);
});

test('a deprecation of a field that is read is announced', () => {
  const newer = schema('name: String @deprecated(reason: "Use login."), login: String');
  expect(compareDocuments([document], kept, newer)).toEqual([
    { weight: 'announces', text: 'query person (GraphQL): The field User.name is deprecated. Use login.' },
  ]);
});

test('what is deprecated already, or that nobody reads, is no change', () => {
  const before = schema('name: String @deprecated(reason: "Use login."), login: String');
  const newer = schema('name: String @deprecated(reason: "Use login.")');
  expect(compareDocuments([document], before, newer)).toEqual([]);
});

test('the documents that the app sends are found and keep to the installed schema', async () => {
  const documents = await sentDocuments();
  expect(documents.map((sent) => sent.split('(')[0])).toEqual(['query targets', 'query task']);
  const empty = readSchema('type Query { nothing: String }');
  expect(compareDocuments(documents, empty, githubSchema())).toEqual([]);
  expect(compareDocuments(documents, githubSchema(), empty)).not.toEqual([]);
});

test('no other file of the app sends GraphQL', () => {
  const root = join(import.meta.dirname, '../../../src');
  const senders = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.startsWith('local-github'))
    .filter((file) => /\bgraphql\(/.test(readFileSync(join(root, file), 'utf8')));
  const reads = join('platform', 'github', 'reads');
  expect(senders.toSorted(), 'sent-documents.ts has to ask each of them for its documents').toEqual([
    join(reads, 'target-query.ts'),
    join(reads, 'task-facts.ts'),
  ]);
});
