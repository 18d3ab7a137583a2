#!/usr/bin/env bash
# Keeps a copy of a newsroom's stories: a snapshot first, then every change. Needs curl and jq.
#
#     BYLINE_KEY=... ./consumer.sh https://api.example.org FOLDER [--once]
#
# FOLDER gets stories/ARTICLE.LANGUAGE.json for what may be shown now, embargoed/ARTICLE.LANGUAGE.json for what may be shown
# only from its `embargoedUntil` on, and place.json. It may be killed at any moment and started again: a story is written
# before the place behind it. With --once it ends when there is nothing new.
set -euo pipefail

base=${1:?the address of the service} folder=${2:?a folder} once=${3:-}
: "${BYLINE_KEY:?the key that the newsroom gave you}"
base=${base%/}
mkdir -p "$folder/stories" "$folder/embargoed"
wait=30
[ "$once" = --once ] && wait=0

# ask PATH NAME=VALUE...: what the service answers. curl asks again on 429 and 5xx, after the time in Retry-After. The key
# goes by standard input: arguments are for everybody on the machine to read.
ask() {
  local path=$1 parameters=()
  shift
  for parameter in "$@"; do parameters+=(--data-urlencode "$parameter"); done
  printf 'header = "Authorization: Bearer %s"\n' "$BYLINE_KEY" |
    curl --config - --silent --show-error --fail --get --retry 8 --retry-connrefused --retry-max-time 300 \
      --max-time 90 --header "Accept: application/json" "${parameters[@]}" "$base$path"
}

# write FILE: what comes in, at once or not at all.
write() {
  cat >"$1.new"
  mv "$1.new" "$1"
}

# keep ITEM: makes our copy of a story what the newsroom says that it is now. `withheld` and `canceled` must go.
keep() {
  local item=$1 name place wanted=
  name=$(jq -r '"\(.article).\(.language).json"' <<<"$item")
  case $(jq -r 'if .status != "usable" then "gone" elif has("embargoedUntil") then "embargoed" else "stories" end' <<<"$item") in
    stories) wanted=$folder/stories/$name ;;
    embargoed) wanted=$folder/embargoed/$name ;;
  esac
  [ -z "$wanted" ] || write "$wanted" <<<"$item"
  for place in "$folder/stories/$name" "$folder/embargoed/$name"; do
    [ "$place" = "$wanted" ] || rm -f "$place"
  done
}

# each FILTER: keeps every item of the page that comes in.
each() {
  local item
  while IFS= read -r item; do keep "$item"; done < <(jq -c "$1")
}

place() { jq -r "$1 // empty" "$folder/place.json" 2>/dev/null || true; }

# The snapshot, page by page. It says where the changes behind it begin.
while [ -z "$(place .changes)" ]; do
  after=$(place .snapshot)
  page=$(ask /v1/partner/articles first=100 ${after:+"after=$after"})
  each '.items[]' <<<"$page"
  jq -c 'if .next then {snapshot: .next} else {changes: .changesAfter} end' <<<"$page" | write "$folder/place.json"
done

# The changes, in order. Asking for what is behind one says that we have it.
while true; do
  after=$(place .changes)
  page=$(ask /v1/partner/changes "after=$after" first=100 "wait=$wait")
  each '.items[].item' <<<"$page"
  jq -c '.items[] | select(.kind == ("CORRECTED", "CANCELED", "WITHHELD")) | {kind, article, language, detail}' <<<"$page"
  next=$(jq -r .next <<<"$page")
  if [ "$next" != "$after" ]; then
    jq -c '{changes: .next}' <<<"$page" | write "$folder/place.json"
  elif [ "$once" = --once ]; then
    break
  fi
done
