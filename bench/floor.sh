#!/usr/bin/env bash
# The floor: what a platform engineer writes instead of a tool. For each repository on standard input: clone, change one file,
# commit, push, open the pull request. Keeps no record, asks nobody, and a failure is a line on the screen.
# Environment: URL and TOKEN of GitHub, PARALLEL, BRANCH, VERSION. Runs in an empty folder.
set -euo pipefail

GIT_CONFIG_VALUE_0="Authorization: Basic $(printf 'x-access-token:%s' "$TOKEN" | base64 | tr -d '\n')"
export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0="http.$URL/.extraHeader" GIT_CONFIG_VALUE_0
export GIT_AUTHOR_NAME=mona GIT_AUTHOR_EMAIL=mona@localhost GIT_COMMITTER_NAME=mona GIT_COMMITTER_EMAIL=mona@localhost

change() {
  set -euo pipefail
  local repository=$1
  git clone --quiet --depth 1 "$URL/acme/$repository.git" "$repository"
  cd "$repository"
  git switch --quiet --create "$BRANCH"
  printf '%s\n' "$VERSION" > VERSION
  git commit --quiet --all --message "bench version=$VERSION"
  git push --quiet origin "$BRANCH"
  curl --silent --show-error --fail --output /dev/null \
    --header "Authorization: token $TOKEN" --header 'Content-Type: application/json' \
    --data "{\"title\": \"bench version=$VERSION\", \"head\": \"$BRANCH\", \"base\": \"main\"}" \
    "$URL/api/v3/repos/acme/$repository/pulls"
  # A disk holds only so many clones.
  cd ..
  rm -rf "$repository"
}
export -f change

xargs -P "$PARALLEL" -I{} bash -c 'change "$1"' _ {}
times
