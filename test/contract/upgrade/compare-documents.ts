import { buildSchema, type GraphQLSchema, NoDeprecatedCustomRule, parse, validate } from 'graphql';
import type { Finding } from './describe-changes.ts';

/** @param text GitHub's SDL; it defines some fields twice, so it cannot be checked as SDL */
export const readSchema = (text: string): GraphQLSchema =>
  buildSchema(text, { assumeValid: true, assumeValidSDL: true });

/**
 * What a newer GraphQL schema finds in documents that the kept one does not: faults, and fields, arguments and enum values
 * that are deprecated now.
 * @param kept GitHub's schema as SDL
 * @param newer the same
 */
export function compareDocuments(documents: readonly string[], kept: GraphQLSchema, newer: GraphQLSchema): Finding[] {
  return documents.flatMap((document) => {
    const known = new Set(findingsOf(kept, document).map(({ text }) => text));
    return findingsOf(newer, document).filter(({ text }) => !known.has(text));
  });
}

function findingsOf(schema: GraphQLSchema, document: string): Finding[] {
  const parsed = parse(document);
  const name = /^\s*(?:query|mutation)\s+\w+/.exec(document)?.[0].trim() ?? 'a GraphQL document';
  const faults = validate(schema, parsed).map(({ message }) => message);
  const deprecated = validate(schema, parsed, [NoDeprecatedCustomRule]).map(({ message }) => message);
  return [
    ...faults.map((message): Finding => ({ weight: 'breaks requests', text: `${name} (GraphQL): ${message}` })),
    ...deprecated.map((message): Finding => ({ weight: 'announces', text: `${name} (GraphQL): ${message}` })),
  ];
}
