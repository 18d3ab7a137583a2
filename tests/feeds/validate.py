"""Runs validators that are not ours over a folder of answers, and fails with all that they say.

*.rss and *.atom: feedparser and lxml. *.feed.json: jsonfeed-util. *.sitemap.xml: sitemap-verify, with the XML Schemas of
sitemaps.org and the rules of Google. *.ld.json: schema-org-py, schema.org's vocabulary as strict types.
"""

import asyncio
import json
import sys
from datetime import datetime
from pathlib import Path

import feedparser
import jsonfeed
from lxml import etree
from schema_org import registry
from sitemap_verify import validate_target

ATOM = "{http://www.w3.org/2005/Atom}"


def feed(path):
    data = path.read_bytes()
    etree.fromstring(data)
    parsed = feedparser.parse(data)
    if parsed.bozo:
        yield f"feedparser: {parsed.bozo_exception}"
    expected = "rss20" if path.suffix == ".rss" else "atom10"
    if parsed.version != expected:
        yield f"feedparser takes it for {parsed.version!r}"
    for needed in ("title", "link", "updated"):
        if not parsed.feed.get(needed):
            yield f"feedparser finds no {needed}"
    for entry in parsed.entries:
        for needed in ("id", "title", "link", "published_parsed", "updated_parsed", "content"):
            if not entry.get(needed):
                yield f"feedparser finds no {needed} in {entry.get('id')}"
    if len({entry.get("id") for entry in parsed.entries}) != len(parsed.entries):
        yield "an id is there twice"
    if expected == "atom10":
        yield from atom(etree.fromstring(data))


def atom(root):
    """RFC 4287, 4.1.1 and 4.1.2: what may be there once, and which links exclude each other."""
    for element in [root, *root.findall(ATOM + "entry")]:
        for name in ("id", "title", "updated"):
            if len(element.findall(ATOM + name)) != 1:
                yield f"{len(element.findall(ATOM + name))} of {name}"
        links = [(link.get("rel"), link.get("type"), link.get("hreflang")) for link in element.findall(ATOM + "link")]
        alternates = [link for link in links if link[0] == "alternate"]
        if len(set(alternates)) != len(alternates):
            yield f"two alternate links of one kind: {alternates}"


def json_feed(path):
    document = json.loads(path.read_bytes())
    try:
        parsed = jsonfeed.Feed.parse(document)
    except (jsonfeed.ParseError, AssertionError, KeyError) as error:
        yield f"jsonfeed-util: {error!r}"
        return
    if document["version"] != jsonfeed.Feed.version:
        yield f"version {document['version']!r}"
    if len(parsed.items) != len(document["items"]):
        yield "jsonfeed-util lost items"


def sitemap(path):
    report = asyncio.run(
        validate_target(str(path), mode="path", engine="google", recursive=False, check_reachability=False)
    )
    for item in report.diagnostics:
        yield f"sitemap-verify: {item.level} {item.code}: {item.message}"


def typed(value):
    """A JSON-LD value as schema-org-py's types, which refuse unknown properties and values of wrong types."""
    if isinstance(value, list):
        return [typed(item) for item in value]
    if not isinstance(value, dict):
        return value
    model = registry.get_model(value["@type"])
    ranges = {known.schema_name: known.ranges for known in model.SCHEMA_PROPERTIES}
    fields = {}
    for name, item in value.items():
        if name.startswith("@"):
            continue
        known = ranges.get(name, ())
        enums = [registry.ENUM_BY_SCHEMA[kind] for kind in known if kind in registry.ENUM_BY_SCHEMA]
        if "DateTime" in known:
            item = datetime.fromisoformat(item)
        elif enums and isinstance(item, str):
            item = enums[0](item)
        fields[name] = typed(item)
    return model(**fields)


def structured(path):
    try:
        typed(json.loads(path.read_bytes()))
    except (KeyError, ValueError, TypeError) as error:
        yield f"schema-org-py: {error}"


CHECKS = {".rss": feed, ".atom": feed, ".feed.json": json_feed, ".sitemap.xml": sitemap, ".ld.json": structured}


def main(folder):
    problems, counts = [], dict.fromkeys(CHECKS, 0)
    for path in sorted(Path(folder).iterdir()):
        for ending, check in CHECKS.items():
            if path.name.endswith(ending):
                counts[ending] += 1
                problems += [f"{path.name}: {problem}" for problem in check(path)]
    print("\n".join(problems))
    print(counts)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
