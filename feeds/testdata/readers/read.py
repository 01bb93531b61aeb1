"""Read feeds with feedparser and print what it sees as JSON.

usage: read.py STATE URL...
STATE is a file that keeps the validators of each feed between two runs, as a
feed reader does, so that a second run polls conditionally.
"""
import json
import os
import sys

import feedparser

state_file, urls = sys.argv[1], sys.argv[2:]
state = {}
if os.path.exists(state_file):
    with open(state_file) as f:
        state = json.load(f)
seen = []
for url in urls:
    kept = state.get(url, {})
    feed = feedparser.parse(url, etag=kept.get("etag"), modified=kept.get("modified"))
    status = feed.get("status")
    if status in (200, 226):  # 226: feedparser asks for what is new, if it knows a tag
        state[url] = {"etag": feed.get("etag"), "modified": feed.get("modified")}
    seen.append({
        "url": url,
        "status": status,
        "well_formed": not feed.bozo,
        "link": feed.feed.get("link"),
        "entries": [{
            "id": e.get("id"),
            "title": e.get("title"),
            "link": e.get("link"),
            "published": e.get("published_parsed") and list(e.published_parsed[:6]),
            "updated": e.get("updated_parsed") and list(e.updated_parsed[:6]),
            "categories": [t.term for t in e.get("tags", [])],
            "enclosures": [l.href for l in e.get("enclosures", [])],
            "content": (e.get("content") or [{}])[0].get("value", ""),
        } for e in feed.entries],
    })
with open(state_file, "w") as f:
    json.dump(state, f)
json.dump(seen, sys.stdout)
