#!/usr/bin/env python3
"""Asks once by GET; prints the path and the entity tag of the answer, for known.lua: known.py ADDRESS BODIES"""
import json
import sys
import urllib.parse
import urllib.request

address, bodies = sys.argv[1:]
body = json.loads(open(bodies, encoding="utf-8").readline())
query = urllib.parse.urlencode({"query": body["query"], "variables": json.dumps(body["variables"])})
answer = urllib.request.urlopen(f"{address}/graphql?{query}")
print(f"/graphql?{query}", answer.headers["etag"])
