"""How long `insights check` takes for 10,000 articles: the first time, and after one article has changed.

    python benchmarks/check.py [ARTICLES]

Articles are made of common words, 400 to 900 a piece, with headings, a list, links and a footnote.
"""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

WORDS = (
    "arrivals backlog careful demand every failure growth handover interval judgement keep ledger measure number open "
    "people queue review shift team usual value waiting yield after before between because often seldom while where"
).split()


def make_article(number: int, articles: int) -> str:
    """One article's file; its links lead to articles that exist."""
    chance = random.Random(number)

    def sentence() -> str:
        return " ".join(chance.choices(WORDS, k=chance.randint(6, 20))).capitalize() + "."

    parts = [f"See [the one before](article-{chance.randrange(articles)}.md).[^1]"]
    for section in range(4):
        parts.append(f"## Section {section + 1}")
        parts += [" ".join(sentence() for _ in range(chance.randint(3, 7))) for _ in range(3)]
        parts.append("\n".join(f"- {sentence()}" for _ in range(3)))
    parts.append("[^1]: It is counted.")
    head = (
        f"---\ntitle: Article {number}\ndate: 2026-01-{1 + number % 28:02}\ntopic: Operations\ntags: [queues]\n"
        f"authors: [Zofia Żuraw]\ndescription: {'What there is to gain here. ' * 3}\n---\n"
    )
    return head + "\n\n".join(parts) + "\n"


def run(folder: Path, what: str, *arguments: str) -> None:
    """Prints how long one check takes: on the clock, and of all its processes' CPUs."""
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "insights", "check", *arguments]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    summary = result.stdout.strip().rpartition("\n")[2]
    print(f"{what:13} {time.perf_counter() - start:6.2f} s, {cpu:6.2f} CPU s  {summary}")


def main() -> None:
    """Makes the articles, checks them cold, warm, and with one changed."""
    articles = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        site = Path(__file__).parent.parent / "tests" / "site"
        subprocess.run(["cp", "-R", f"{site}/.", name], check=True)
        for number in range(articles):
            path = folder / "content" / "insights" / f"article-{number}.md"
            path.write_text(make_article(number, articles), encoding="utf-8")
        run(folder, "cold")
        run(folder, "again")
        changed = folder / "content" / "insights" / "article-0.md"
        changed.write_text(changed.read_text(encoding="utf-8") + "\nOne more sentence.\n", encoding="utf-8")
        run(folder, "one changed")
        run(folder, "one article", "content/insights/article-0.md")


if __name__ == "__main__":
    main()
