#!/usr/bin/env python3
"""Publishes so many stories a second until it is stopped: publisher.py BODIES ADDRESS TOKEN RATE."""
import itertools
import sys
import time
import urllib.request

bodies, address, token, rate = open(sys.argv[1], encoding="utf-8").read().splitlines(), *sys.argv[2:]
headers = {"content-type": "application/json", "authorization": f"Bearer {token}"}
due = time.monotonic()
for body in itertools.cycle(bodies):
    due += 1 / float(rate)
    time.sleep(max(0, due - time.monotonic()))
    answer = urllib.request.urlopen(urllib.request.Request(f"{address}/graphql", body.encode(), headers)).read()
    assert b'"userErrors":[]' in answer, answer
