"""A made-up publication of any size, for benchmarks: the same bytes for the same number, on every machine."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

PROJECT = Path(__file__).parent.parent
TOPICS, AUTHORS, TAGS, SUBJECTS = 12, 20, 100, 60
_START = datetime(2012, 1, 1, tzinfo=UTC)
_MINUTES, _APART = 12 * 365 * 24 * 60, 9 * 60
"""How long all articles take to appear, and how far apart they do at most: none lies in the future."""
_SYLLABLES = "ba ce di fo gu la me ni po ru sa te vi wo xe za bra cle dri flo gru pla".split()
_COMMON = (
    "the of and to a in is that it for was on are as with they at be this have from or one had by but not what all"
    " were we when your can said there use an each which she do how their if will up other about out many then them"
).split()


def make_publication(root: Path, count: int) -> None:
    """Writes a publication of `count` articles of 700 words under `root`: mkdocs.yml, content/, the project's theme."""
    chance = random.Random(count)
    words = ["".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4))) for _ in range(6000)]
    subjects = [chance.sample(words, 80) for _ in range(SUBJECTS)]
    _write(root / "mkdocs.yml", (PROJECT / "mkdocs.yml").read_text(encoding="utf-8"))
    (root / "overrides").symlink_to(PROJECT / "overrides")
    content = root / "content"
    _write(content / "index.md", "---\ntitle: Home\n---\n\nA made-up publication.\n")
    _write(content / "about.md", "---\ntitle: About\n---\n\nMade up to be measured.\n")
    for number in range(TOPICS):
        _write(content / f"topics/topic-{number}.md", f"---\ntitle: Topic {number}\ndescription: All of it.\n---\n")
    for number in range(AUTHORS):
        _write(content / f"authors/author-{number}.md", f"---\ntitle: Author {number}\nrole: Writer\n---\n")
    _write(content / "tags.yml", "".join(f"- name: tag {number}\n  slug: tag-{number}\n" for number in range(TAGS)))
    for number in range(count):
        _write(content / f"insights/article-{number}.md", _article(number, count, chance, words, subjects))


def _article(number: int, count: int, chance: random.Random, words: list[str], subjects: list[list[str]]) -> str:
    subject = chance.randrange(SUBJECTS)

    def text(length: int) -> str:
        pools = chance.choices((_COMMON, words, subjects[subject]), (45, 25, 30), k=length)
        return " ".join(map(chance.choice, pools)).capitalize()

    tags = ", ".join(f"tag {(subject + step * step) % TAGS}" for step in range(4))
    date = (_START + timedelta(minutes=number * min(_APART, _MINUTES // count))).isoformat()
    linked = chance.randrange(max(1, number))
    sections = [
        f"## {text(4)}\n\n{text(60)}. See [{text(3).lower()}](article-{linked}.md): *{text(2).lower()}*"
        f" {text(10).lower()}.\n\n- {text(12)}\n- {text(11)}, **{text(2).lower()}**\n- {text(9)}\n\n{text(60)}.\n"
        for _ in range(4)
    ]
    return (
        f"---\ntitle: {text(6)} {number}\ndate: {date}\ntopic: Topic {subject % TOPICS}\ntags: [{tags}]\n"
        f"authors: [Author {number % AUTHORS}]\ndescription: {text(20)}.\n---\n\n{text(30)}.\n\n" + "\n".join(sections)
    )


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
