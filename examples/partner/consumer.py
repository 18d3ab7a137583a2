#!/usr/bin/env python3
"""Keeps a copy of a newsroom's stories: a snapshot first, then every change. Python 3.9 or later, nothing to install.

    BYLINE_KEY=... python3 consumer.py https://api.example.org FOLDER [--once]

FOLDER gets a file for each story and language:

    stories/art_....ko.json     what may be shown now
    embargoed/art_....ko.json   what may be shown only from its `embargoedUntil` on; then it comes again, as a story
    place.json                  how far we are

It may be killed at any moment and started again. A story is written before the place behind it, so after a crash something
is read twice, and nothing is missed. With --once it ends when there is nothing new; else it waits for changes.
"""

import json
import os
import pathlib
import random
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

# How many seconds the server may let us wait for a change: at most 60.
WAIT = 30
# How often we try when the server is busy or away, and the longest pause between two tries in seconds.
TRIES, LONGEST_PAUSE = 8, 60


def ask(base, path, **parameters):
    """What the service answers. Waits and asks again where that helps; ends the program where it does not."""
    query = urllib.parse.urlencode({name: value for name, value in parameters.items() if value is not None})
    headers = {"Authorization": f"Bearer {os.environ['BYLINE_KEY']}", "Accept": "application/json"}
    request = urllib.request.Request(f"{base}{path}?{query}", headers=headers)
    for attempt in range(TRIES):
        pause = min(LONGEST_PAUSE, 2**attempt) * random.uniform(0.5, 1)
        try:
            with urllib.request.urlopen(request, timeout=WAIT + 30) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            if error.code == 429 or error.code >= 500:
                # Who asks too much is told when to come back.
                pause = max(pause, float(error.headers.get("Retry-After") or 0))
            else:
                # 401 and 403: the key has ended. 400: our place is not one of this service.
                sys.exit(f"{error.code} for {path}: {error.read().decode(errors='replace')}")
            problem = error
        except (OSError, ValueError) as error:
            problem = error
        print(f"{path}: {problem}; again in {pause:.0f} s", file=sys.stderr, flush=True)
        time.sleep(pause)
    sys.exit(f"{path}: given up after {TRIES} tries")


def write(path, value):
    """Writes a file at once or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    other = path.with_suffix(".new")
    with open(other, "w", encoding="utf-8") as file:
        json.dump(value, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    os.replace(other, path)


def keep(folder, item):
    """Makes our copy of a story what the newsroom says that it is now."""
    name = f"{item['article']}.{item['language']}.json"
    wanted = None
    if item["status"] == "usable":
        wanted = folder / ("embargoed" if "embargoedUntil" in item else "stories") / name
        write(wanted, item)
    # `withheld` and `canceled` mean the same for us: it is not to be shown, and must go from our pages.
    for place in (folder / "stories" / name, folder / "embargoed" / name):
        if place != wanted:
            place.unlink(missing_ok=True)


def tell(change):
    """What an editor of ours should look at."""
    if change["kind"] in ("CORRECTED", "CANCELED", "WITHHELD"):
        print(json.dumps({name: change.get(name) for name in ("kind", "article", "language", "detail")},
                         ensure_ascii=False), flush=True)


def main(base, folder, once):
    place_file = folder / "place.json"
    place = json.loads(place_file.read_text(encoding="utf-8")) if place_file.exists() else {}

    # The snapshot, page by page. It says where the changes behind it begin.
    while "changes" not in place:
        page = ask(base, "/v1/partner/articles", first=100, after=place.get("snapshot"))
        for item in page["items"]:
            keep(folder, item)
        place = {"snapshot": page["next"]} if page["next"] else {"changes": page["changesAfter"]}
        write(place_file, place)

    # The changes, in order. Asking for what is behind one says that we have it.
    while True:
        page = ask(base, "/v1/partner/changes", after=place["changes"], first=100, wait=0 if once else WAIT)
        for change in page["items"]:
            keep(folder, change["item"])
            tell(change)
        is_new = page["next"] != place["changes"]
        place = {"changes": page["next"]}
        if is_new:
            write(place_file, place)
        elif once:
            return


if __name__ == "__main__":
    arguments = [argument for argument in sys.argv[1:] if argument != "--once"]
    if len(arguments) != 2 or "BYLINE_KEY" not in os.environ:
        sys.exit(__doc__)
    main(arguments[0].rstrip("/"), pathlib.Path(arguments[1]), "--once" in sys.argv)
