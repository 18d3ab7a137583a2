#!/usr/bin/env python3
"""Writes the requests of each page, one a line: bodies.py FOLDER ADDRESS ARTICLES. Tag pages need cursors from a server."""
import json
import random
import sys
import urllib.request
from pathlib import Path

folder, address, articles = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
root = Path(__file__).resolve().parent.parent.parent
rng = random.Random(7)


def ask(query, variables):
    body = json.dumps({"query": query, "variables": variables}).encode()
    request = urllib.request.Request(f"{address}/graphql", body, {"content-type": "application/json"})
    answer = json.load(urllib.request.urlopen(request))
    assert "errors" not in answer, answer
    return answer["data"]


def write(name, query, variables):
    lines = [json.dumps({"query": query, "variables": one}, ensure_ascii=False) for one in variables]
    (folder / f"{name}.jsonl").write_text("\n".join(lines) + "\n")


article = (root / "examples/queries/article-page.graphql").read_text()
author = (root / "examples/queries/author-page.graphql").read_text()
front, tag = ((root / f"scripts/load/{name}-page.graphql").read_text() for name in ("front", "tag"))
write("article", article, [{"slug": f"기사-{rng.randrange(articles)}", "language": "ko"} for _ in range(4000)])
pages = random.Random(8).sample(range(articles), articles)
write("all", article, [{"slug": f"기사-{n}", "language": "ko"} for n in pages])
write("front", front, [{"language": "en"}])
write("author", author, [{"slug": f"author-{n}", "language": "ko"} for n in range(200)])
second = []
for n in range(200):
    page = {"slug": f"topic-{n}", "language": "en"}
    info = ask(tag, page)["tag"]["articles"]["pageInfo"]
    second.append({**page, "after": info["endCursor"]})
write("tag", tag, second)
