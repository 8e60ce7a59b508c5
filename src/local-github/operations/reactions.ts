import type { Author } from '../actor.ts';
import type { Context } from '../context.ts';
import { reactionsOf } from '../state/queries.ts';
import type { Reaction, ReactionContent } from '../state/records.ts';

/** One of each kind per person: asked again it gives the one that is there. */
export function addReaction(
  context: Context,
  author: Author,
  subject: Reaction['subject'],
  subjectId: number,
  content: ReactionContent,
): { reaction: Reaction; created: boolean } {
  const found = reactionsOf(context.state, subject, subjectId).find(
    (reaction) => reaction.authorId === author.account.id && reaction.content === content,
  );
  if (found !== undefined) return { reaction: found, created: false };
  const reaction = context.state.reactions.insert({
    id: context.state.nextId('reaction'),
    subject,
    subjectId,
    authorId: author.account.id,
    content,
    createdAt: context.now(),
  });
  return { reaction, created: true };
}
