#!/usr/bin/env python3
"""Writes the requests of scripts/load/publish, one a line, and prints a token: publish.py FOLDER ADDRESS ARTICLES."""
import json
import random
import sys
import urllib.request
from pathlib import Path

folder, address, articles = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
root = Path(__file__).resolve().parent.parent.parent
rng = random.Random(7)


def post(path, body, token=None):
    headers = {"content-type": "application/json", **({"authorization": f"Bearer {token}"} if token else {})}
    request = urllib.request.Request(address + path, json.dumps(body).encode(), headers)
    return json.load(urllib.request.urlopen(request))


def ask(query, variables):
    answer = post("/graphql", {"query": query, "variables": variables}, token)
    assert "errors" not in answer, answer
    return answer["data"]


token = post("/auth/token", {"email": "load@news.example", "password": "a long password"})["accessToken"]
ids, after = [], None
while True:
    page = ask("query($after: String) { desk { articles(first: 100, after: $after) { "
               "edges { node { variants { id } } } pageInfo { hasNextPage endCursor } } } }", {"after": after})["desk"]["articles"]
    ids += [variant["id"] for edge in page["edges"] for variant in edge["node"]["variants"]]
    after = page["pageInfo"]["endCursor"]
    if not page["pageInfo"]["hasNextPage"]:
        break
rng.shuffle(ids)
publish = "mutation($id: ID!) { publishVariant(input: {variantId: $id}) { variant { version } userErrors { message } } }"
first = ask(publish, {"id": ids[0]})["publishVariant"]
assert first["variant"] and not first["userErrors"], first
lines = [json.dumps({"query": publish, "variables": {"id": one}}) for one in ids]
(folder / "publish.jsonl").write_text("\n".join(lines) + "\n")
page = (root / "examples/queries/article-page.graphql").read_text()
slugs = [f"기사-{rng.randrange(articles)}" for _ in range(2000)]
lines = [json.dumps({"query": page, "variables": {"slug": slug, "language": "ko"}}, ensure_ascii=False) for slug in slugs]
(folder / "read.jsonl").write_text("\n".join(lines) + "\n")
print(token)
