#!/usr/bin/env python3
"""Prints requests that POST a query as paths that name it by its hash, as clients of automatic persisted queries do, and has the
service know the queries: hashed.py ADDRESS BODIES"""
import hashlib
import json
import sys
import urllib.parse
import urllib.request

address, bodies = sys.argv[1:]
known = set()
for line in open(bodies, encoding="utf-8"):
    body = json.loads(line)
    digest = hashlib.sha256(body["query"].encode()).hexdigest()
    hashed = {"persistedQuery": {"version": 1, "sha256Hash": digest}}
    if digest not in known:
        register = json.dumps({**body, "extensions": hashed}).encode()
        urllib.request.urlopen(urllib.request.Request(f"{address}/graphql", register, {"content-type": "application/json"}))
        known.add(digest)
    short = {"ensure_ascii": False, "separators": (",", ":")}
    query = {"extensions": json.dumps(hashed, **short), "variables": json.dumps(body["variables"], **short)}
    print("/graphql?" + urllib.parse.urlencode(query))
