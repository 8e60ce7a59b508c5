# syntax=docker/dockerfile:1
# Flotilla runs from its sources: nothing is compiled, and the Node of the base image runs them.
# The major of Node is the one of `engines` in package.json; bookworm has bubblewrap 0.8, with which boxes are tested.
ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS dependencies
WORKDIR /srv/flotilla
COPY package.json package-lock.json .npmrc ./
# No scripts: what has binaries brings them in its package.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund && npm cache clean --force

FROM ${NODE_IMAGE}
LABEL org.opencontainers.image.title="Flotilla" \
      org.opencontainers.image.description="A GitHub App for org-wide maintenance: one comment, one pull request per repository, one tracking issue." \
      org.opencontainers.image.licenses="MIT"
# Boxes need bubblewrap and prlimit (util-linux); what your workflows call goes into an image of your own, FROM this one.
RUN apt-get update \
 && apt-get install --yes --no-install-recommends bash bubblewrap ca-certificates git util-linux \
 && rm -rf /var/lib/apt/lists/* \
 && groupadd --gid 10001 flotilla \
 && useradd --uid 10001 --gid flotilla --home-dir /var/lib/flotilla --no-create-home --shell /usr/sbin/nologin flotilla \
 && install --directory --owner=flotilla --group=flotilla --mode=0700 /var/lib/flotilla \
 && ln -s /srv/flotilla/bin/fleet.js /usr/local/bin/fleet
WORKDIR /srv/flotilla
# Root's, so that the server cannot change what it runs.
COPY --from=dependencies /srv/flotilla/node_modules ./node_modules
COPY package.json app.yml LICENSE ./
COPY bin ./bin
COPY workflows ./workflows
COPY src ./src
ENV HOST=0.0.0.0 \
    MALLOC_ARENA_MAX=1 \
    PORT=3000 \
    FLEET_DATA_DIR=/var/lib/flotilla
USER flotilla
VOLUME /var/lib/flotilla
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`, { signal: AbortSignal.timeout(4000) }).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# An init before it reaps what agents leave behind: `docker run --init`, `init: true` in compose.yaml.
CMD ["node", "--max-semi-space-size=4", "--heap-growing-percent=30", "--optimize-for-size", "src/main.ts"]
