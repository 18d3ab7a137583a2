#!/usr/bin/env python3
"""Publishes stories without and with partners, and receives their webhooks: partners.py BYLINE ADDRESS ENDPOINTS.

Prints the cells of scripts/load/partners' table. Run by it."""
import asyncio
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import time
import urllib.request

byline, address, endpoints = sys.argv[1], sys.argv[2], int(sys.argv[3])
interval, rounds = float(os.environ.get("INTERVAL", "2")), int(os.environ.get("ROUNDS", "30"))
database = os.environ["BYLINE_DATABASE_URL"]
dead = endpoints // 10
# So many stories are published before anything is measured.
WARM = 5
arrived = {}


def post(path, body, token=None):
    headers = {"content-type": "application/json", **({"authorization": f"Bearer {token}"} if token else {})}
    request = urllib.request.Request(address + path, json.dumps(body).encode(), headers)
    return json.load(urllib.request.urlopen(request))


def ask(query, variables):
    answer = post("/graphql", {"query": query, "variables": variables}, token)
    assert "errors" not in answer, answer
    return answer["data"]


def sql(statements):
    """Past the service: a thousand partners one by one would take longer than what is measured."""
    if database.startswith("sqlite://"):
        connection = sqlite3.connect(database.removeprefix("sqlite://"), timeout=30)
        connection.executescript(f"BEGIN; {statements}; COMMIT;")
        connection.close()
    else:
        subprocess.run([os.environ["PSQL"], "-q", "-1", "-d", database, "-c", statements], check=True)


def add_partners(live, hanging, refusing):
    """The first one by hand; the others are made after it."""
    new = "randomblob(16)" if database.startswith("sqlite://") else "gen_random_uuid()"
    numbers = (f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {endpoints}) ")
    doc = "'{\"name\": \"load\", \"tier\": \"standard\"}'"
    sql("INSERT INTO partner (id, slug, doc, version, created_at, updated_at) "
        f"{numbers} SELECT {new}, 'load-' || i, {doc}, 1, 0, 0 FROM n")
    add = [byline, "partner", "endpoint", "add", "load-1", f"http://127.0.0.1:{live}/load-1"]
    subprocess.run(add, check=True, capture_output=True)
    port = f"CASE WHEN i > {endpoints - dead // 2} THEN '{refusing}' WHEN i > {endpoints - dead} THEN '{hanging}' ELSE '{live}' END"
    sql("INSERT INTO webhook_endpoint (id, partner_id, url, format, secrets, created_at, updated_at) "
        f"{numbers} SELECT {new}, p.id, 'http://127.0.0.1:' || {port} || '/load-' || i, e.format, e.secrets, 0, 0 "
        "FROM n JOIN partner p ON p.slug = 'load-' || i CROSS JOIN webhook_endpoint e WHERE i > 1")


async def receive(reader, writer):
    """Notes when which story came to which endpoint."""
    try:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            length = int(next(line.split(":")[1] for line in head.split("\r\n") if line.lower().startswith("content-length:")))
            body = json.loads(await reader.readexactly(length))
            arrived.setdefault((head.split(" ")[1], body["data"].get("article")), time.perf_counter())
            writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
    except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
        writer.close()


async def hang(reader, _):
    try:
        await reader.read(-1)
    except (asyncio.CancelledError, ConnectionError):
        pass


async def publish(variants):
    """One story every `interval` seconds; how long each took, and when it was done."""
    took, done = [], {}
    for variant, article in variants:
        began = time.perf_counter()
        mutation = "mutation($id: ID!) { publishVariant(input: {variantId: $id}) { variant { version } userErrors { message } } }"
        payload = (await asyncio.to_thread(ask, mutation, {"id": variant}))["publishVariant"]
        ended = time.perf_counter()
        assert payload["variant"] and not payload["userErrors"], payload
        took.append((ended - began) * 1000)
        done[article] = ended
        await asyncio.sleep(max(0.0, interval - (ended - began)))
    return took, done


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


async def main():
    query = "{ desk { articles(first: 100) { edges { node { id variants { id } } } } } }"
    stories = [edge["node"] for edge in ask(query, {})["desk"]["articles"]["edges"]]
    variants = [(story["variants"][0]["id"], story["id"]) for story in stories]
    assert len(variants) >= 2 * rounds + WARM, "too few stories"
    await publish(variants[2 * rounds:2 * rounds + WARM])
    alone, _ = await publish(variants[:rounds])
    live, hanging, refusing = [
        await asyncio.start_server(handler, "127.0.0.1", 0, backlog=2048) for handler in (receive, hang, hang)
    ]
    ports = [server.sockets[0].getsockname()[1] for server in (live, hanging, refusing)]
    refusing.close()
    await refusing.wait_closed()
    add_partners(*ports)
    beside, done = await publish(variants[rounds:2 * rounds])
    expected = (endpoints - dead) * len(done)
    end = time.perf_counter() + 120
    told = []
    while len(told) < expected and time.perf_counter() < end:
        await asyncio.sleep(0.1)
        told = [at - done[article] for (_, article), at in arrived.items() if article in done]
    assert len(told) == expected, f"{len(told)} of {expected} events came"
    before, after = statistics.median(alone), statistics.median(beside)
    cells = [f"{before:.1f}", f"{after:.1f}", f"{(after / before - 1) * 100:.1f} %", f"{percentile(alone, 0.95):.1f}",
             f"{percentile(beside, 0.95):.1f}", f"{expected:,}", f"{percentile(told, 0.5):.2f}", f"{percentile(told, 0.99):.2f}",
             f"{max(told):.2f}"]
    print(" | ".join(cells))


token = post("/auth/token", {"email": "load@news.example", "password": "a long password"})["accessToken"]
asyncio.run(main())
