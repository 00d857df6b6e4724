"""How long a publication of years takes to move in: `python benchmarks/moving.py [POSTS] [wordpress|hugo]`.

Generates an export (10,000 posts by default; of WordPress half blocks, half the classic editor; of Hugo bundles and
single files; links between posts, shortcodes, categories, tags), imports it with the real command on all cores, then
once more, and prints seconds and CPU seconds of each.
"""

from __future__ import annotations

import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

WORDS = (
    "harbour tide quay crane barge pilot gauge silt lock buoy cargo manifest schedule berth rope anchor north pier "
    "window weather forecast engine deck hatch signal light channel depth chart mooring ledger invoice customs"
).split()
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>A generated blog</title>
<link>https://old.example</link><language>en</language><wp:base_blog_url>https://old.example</wp:base_blog_url>
"""
ITEM = """<item><title>{title}</title><link>https://old.example/{year}/{month:02}/post-{number}/</link>
<dc:creator>author{author}</dc:creator><guid isPermaLink="false">https://old.example/?p={number}</guid>
<content:encoded><![CDATA[{body}]]></content:encoded><excerpt:encoded><![CDATA[]]></excerpt:encoded>
<wp:post_id>{number}</wp:post_id><wp:post_date>{year}-{month:02}-{day:02} 09:00:00</wp:post_date>
<wp:post_date_gmt>{year}-{month:02}-{day:02} 07:00:00</wp:post_date_gmt><wp:post_name>post-{number}</wp:post_name>
<wp:status>publish</wp:status><wp:post_type>post</wp:post_type>
<category domain="category" nicename="c{topic}">Topic {topic}</category>
<category domain="post_tag" nicename="{tag}">{tag}</category></item>
"""


PAGE = """---
title: {title}
date: {year}-{month:02}-{day:02}T09:00:00+02:00
categories: [Topic {topic}]
tags: [{tag}]
authors: [Author {author}]
---

{body}
"""


def main() -> None:
    """Generates, imports twice, prints."""
    posts = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    system = sys.argv[2] if len(sys.argv) > 2 else "wordpress"
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "publication")
        (root / "content").mkdir(parents=True)
        project = Path(__file__).parent.parent
        (root / "mkdocs.yml").write_text((project / "tests" / "site" / "mkdocs.yml").read_text())
        export = write_hugo(Path(folder, "hugo"), posts) if system == "hugo" else write_wordpress(folder, posts)
        files = [path for path in [export, *export.rglob("*")] if path.is_file()]
        size = sum(path.stat().st_size for path in files) / 1e6
        print(f"{posts:,} posts of {system}, {size:.0f} MB, {os.cpu_count()} cores")
        for run in ("first import", "the same again"):
            seconds, cpu, last = import_once(root, export)
            print(f"{run}: {seconds:.1f} s, {cpu:.1f} s CPU, {posts / seconds:.0f} posts a second; {last}")


def write_hugo(folder: Path, posts: int) -> Path:
    """A site's folder: every second post a bundle, with links by file, a figure and a shortcode of its own."""
    chance = random.Random(7)
    (folder / "content" / "posts").mkdir(parents=True)
    (folder / "hugo.toml").write_text('baseURL = "https://old.example/"\n')
    for number in range(1, posts + 1):
        paragraphs = [" ".join(chance.choices(WORDS, k=70)).capitalize() + "." for _ in range(8)]
        paragraphs[1] += f' See [an earlier note]({{{{< ref "post-{chance.randint(1, posts)}" >}}}}).'
        paragraphs.insert(2, "## What follows\n\n- first\n- second\n\n```python\nlimit = 18\n```")
        paragraphs.append(f'{{{{< poll id="{number}" >}}}}')
        name = f"post-{number}/index.md" if number % 2 else f"post-{number}.md"
        path = folder / "content" / "posts" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(
            PAGE.format(
                title=" ".join(chance.choices(WORDS, k=6)).capitalize(), body="\n\n".join(paragraphs),
                author=number % 9, topic=number % 12, tag=chance.choice(WORDS),
                year=2006 + number % 19, month=1 + number % 12, day=1 + number % 28,
            )
        )  # fmt: skip
    return folder


def write_wordpress(folder: str, posts: int) -> Path:
    """The file of an export."""
    export = Path(folder, "export.xml")
    export.write_text(generate(posts))
    return export


def import_once(root: Path, export: Path) -> tuple[float, float, str]:
    """Wall seconds, CPU seconds of it and its children, and the last line but one that it printed."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    result = subprocess.run(
        [sys.executable, "-m", "insights", "import", str(export), "--no-fetch"],
        cwd=root, capture_output=True, text=True, check=True,
    )  # fmt: skip
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    line = next(line for line in result.stdout.splitlines() if " entries: " in line)
    return time.perf_counter() - start, cpu, line


def generate(posts: int) -> str:
    """The export's text; the same each time."""
    chance = random.Random(7)
    parts = [HEAD]
    for number in range(1, posts + 1):
        sentences = [" ".join(chance.choices(WORDS, k=14)).capitalize() + "." for _ in range(40)]
        link = f'<a href="https://old.example/?p={chance.randint(1, posts)}">an earlier note</a>'
        blocks = [" ".join(sentences[start : start + 5]) for start in range(0, 40, 5)]
        blocks[1] += f" See {link}."
        body = _with_blocks(blocks) if number % 2 else "\n\n".join([*blocks, f'[poll id="{number}"]'])
        parts.append(
            ITEM.format(
                title=" ".join(chance.choices(WORDS, k=6)).capitalize(), number=number, body=body,
                author=number % 9, topic=number % 12, tag=chance.choice(WORDS),
                year=2006 + number % 19, month=1 + number % 12, day=1 + number % 28,
            )
        )  # fmt: skip
    return "".join([*parts, "</channel></rss>\n"])


def _with_blocks(blocks: list[str]) -> str:
    written = [f"<!-- wp:paragraph -->\n<p>{block}</p>\n<!-- /wp:paragraph -->" for block in blocks]
    written.insert(2, '<!-- wp:heading -->\n<h2 class="wp-block-heading">What follows</h2>\n<!-- /wp:heading -->')
    return "\n\n".join(written)


if __name__ == "__main__":
    main()
