import type { EffectKind, RequestOf } from '../effect-kind.ts';

/** The body comes with the marker that the pull request has; sent as it is. */
export const pullRequestEdit: EffectKind<RequestOf<'pull_request_edit'>> = {
  charge: true,
  async send({ repository, number, title, body, state }, { writes, webUrl }) {
    await writes.updatePullRequest(repository, number, {
      ...(title === undefined ? {} : { title }),
      ...(body === undefined ? {} : { body }),
      ...(state === undefined ? {} : { state }),
    });
    return { id: null, number, url: `${webUrl}/${repository}/pull/${number}` };
  },
  look: null,
};
