import { withMarker } from '../../core/render/marker.ts';
import type { PullRequest } from '../../ports/github-writes.ts';
import type { EffectKind, RequestOf } from '../effect-kind.ts';

export const pullRequest: EffectKind<RequestOf<'pull_request'>> = {
  charge: true,
  async send({ repository, title, body, head, base, draft }, { writes, effectId }) {
    const { number, url } = await writes.createPullRequest(repository, {
      title,
      body: withMarker(body, effectId),
      head,
      base,
      draft,
    });
    return { id: null, number, url };
  },
  /** Head and base are its natural key: GitHub has at most one open, whoever opened it. */
  async look({ repository, repositoryId, head, base }, { writes, since }) {
    const pulls = await writes.pullRequests(repository, head);
    const ofOurBranch = pulls.filter((pull) => pull.base === base && pull.headRepositoryId === repositoryId);
    const found = ofOurBranch.find((pull) => pull.state === 'open') ?? ofOurBranch.find(isSince(since));
    return found === undefined ? undefined : { id: null, number: found.number, url: found.url };
  },
  mayExist: (status, message) => status === 422 && /already exists/i.test(message),
};

/** Opened by this effect and closed or merged before anybody looked. */
function isSince(since: number): (pull: PullRequest) => boolean {
  return (pull) => pull.createdAt >= since;
}
