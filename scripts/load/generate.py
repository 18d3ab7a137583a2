#!/usr/bin/env python3
"""Writes a large newsroom in Markdown for `byline import markdown`: generate.py FOLDER [ARTICLES].

Two languages for each story, 200 authors, 5,000 images, 500 tags, 4 curated relations each. The same every time.
"""
import random
import struct
import sys
import zlib
from pathlib import Path

folder, articles = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 20_000
authors, images, tags, sections = 200, 5_000, 500, 12
rng = random.Random(20_261_123)

KO = "해온시 항만 여객선 요금 통계 시민 예산 버스 정류장 조사 결과 발표 지난해 올해 증가 감소 비율 평균 도서관 시장 바다 수온 어민 학교 거리 신호 보행자 야간 노동 전기 충전 바람 발전 주택 빈집 골목 상점".split()
EN = "the of and harbour ferry fare figures city budget bus stop survey found last year this rise fall share mean library market sea water fishers school street signal walkers night work power charging wind output housing empty lane shop people said according to".split()


def words(pool, n):
    return " ".join(rng.choice(pool) for _ in range(n))


def png(n):
    """A picture of one pixel whose colour is its number."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    pixel = bytes([0, n & 255, n >> 8 & 255, n >> 16 & 255])
    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(pixel)) + chunk(b"IEND", b"")


def write(name, text):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())


write("authors.yaml", "".join(
    f"author-{n}: {{ names: {{ ko: 기자{n}, en: Reporter {n} }}, bios: {{ ko: {words(KO, 8)}, en: {words(EN, 8)} }} }}\n"
    for n in range(authors)))
write("tags.yaml", "".join(
    f"tag-{n}: {{ kind: TOPIC, names: {{ ko: 주제 {n}, en: Topic {n} }}, slugs: {{ ko: 주제-{n}, en: topic-{n} }} }}\n"
    for n in range(tags)))
write("sections.yaml", "".join(
    f"- {{ key: section-{n}, names: {{ ko: 부문 {n}, en: Section {n} }}, slugs: {{ ko: 부문-{n}, en: section-{n} }} }}\n"
    for n in range(sections)))
for n in range(images):
    write(f"pictures/{n}.png", png(n))

for n in range(articles):
    minute = n * 17 % (3 * 365 * 24 * 60)
    day, rest = divmod(minute, 24 * 60)
    month, date = divmod(day % 336, 28)
    at = f"{2023 + day // 336 % 3}-{month + 1:02}-{date + 1:02}T{rest // 60:02}:{rest % 60:02}:00+09:00"
    picture = n % images
    related = ", ".join(f"story-{rng.randrange(articles)}" for _ in range(4))
    who = ", ".join(f"author-{a}" for a in rng.sample(range(authors), 2))
    what = ", ".join(f"tag-{t}" for t in rng.sample(range(tags), 4))
    write(f"story-{n}/ko.md", f"""---
title: "{words(KO, 8)} {n}"
deks: ["{words(KO, 7)}", "{words(KO, 7)}"]
slug: 기사-{n}
summary: "{words(KO, 20)}"
authors: [{who}]
tags: [{what}]
section: section-{n % sections}
kind: {("NEWS", "DATA", "ANALYSIS", "BRIEF")[n % 4]}
image: {{ file: ../pictures/{picture}.png, alt: "{words(KO, 6)}", caption: "{words(KO, 8)}", credit: "사진 {picture}" }}
publishedAt: {at}
related: [{related}]
---

""" + "\n\n".join(words(KO, 45) + "." for _ in range(10)) + "\n")
    write(f"story-{n}/en.md", f"""---
title: "{words(EN, 9)} {n}"
deks: ["{words(EN, 9)}"]
slug: story-{n}
summary: "{words(EN, 20)}"
translation: {{ origin: HUMAN, from: ko }}
image: {{ alt: "{words(EN, 6)}", caption: "{words(EN, 8)}" }}
publishedAt: {at}
---

""" + "\n\n".join(words(EN, 60) + "." for _ in range(10)) + "\n")
