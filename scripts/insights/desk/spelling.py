"""Spelling, as advice: known misspellings of English words, found by `typos`, which is right nearly always.

It knows wrong spellings rather than right ones, so that names and terms of a trade pass, British and American alike.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from insights.check import RULES, Manuscript
from insights.errors import StoreError
from insights.model import Finding

RULE = "wording-spelling"
_ADDRESS = re.compile(r"(?<=\])\([^()\s]*\)|<[^<>]*>|\bhttps?://\S+")
_SHOWN = 5  # of one article
_FOUND = 2  # the exit code of `typos` where it found some
_PROGRAM = f"typos{'.exe' if sys.platform == 'win32' else ''}"


def find_misspellings(manuscripts: Iterable[tuple[str, Manuscript]], words: Sequence[str]) -> Iterator[Finding]:
    """Advice for each misspelt word of these articles, by path and place; at most five for one article.

    `manuscripts` are pairs of path and text, in English; `words` are those of the house, which are right. Raises
    StoreError where the program `typos` cannot be run.
    """
    lines: list[tuple[str, int, str]] = []
    for path, manuscript in manuscripts:
        texts = (_ADDRESS.sub(lambda match: " " * len(match[0]), line) for _, line in manuscript.lines)
        lines += [(path, number, text) for number, text in enumerate(texts, manuscript.article.body_line)]
    shown: dict[str, int] = {}
    for index, offset, wrong, right in _ask("\n".join(line for _, _, line in lines), words) if lines else ():
        path, number, line = lines[index]
        if not wrong.islower():
            continue  # a name, or letters that stand for something
        shown[path] = shown.get(path, 0) + 1
        if shown[path] <= _SHOWN:
            column = len(line.encode()[:offset].decode()) + 1
            fix = f'write "{" or ".join(right)}", or add the word to `check: words:` in mkdocs.yml'
            yield Finding(path, number, column, RULE, f'"{wrong}" looks misspelt', fix, RULES[RULE].level)


def _ask(text: str, words: Sequence[str]) -> Iterator[tuple[int, int, str, list[str]]]:
    """Each misspelling: its line, counted from 0, its offset there in bytes, the word, and what may be meant."""
    program = Path(sysconfig.get_path("scripts"), _PROGRAM)
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder, "typos.toml")
        # JSON's quoting is that of TOML's basic strings, for keys as for values; TOML takes a key but once.
        known = dict.fromkeys(json.dumps(word.lower(), ensure_ascii=False) for word in words)
        pairs = "\n".join(f"{word} = {word}" for word in known)
        config.write_text(f"[default.extend-words]\n{pairs}\n", encoding="utf-8")
        command = [str(program), "--format", "json", "--config", str(config), "-"]
        try:
            # Run there, so that no other configuration applies.
            result = subprocess.run(command, input=text.encode(), capture_output=True, cwd=folder, check=False)  # noqa: S603
        except OSError as error:
            what = f"cannot be run: {error.strerror}"
            raise StoreError(str(program), what, "install it: pip install typos") from error
    if result.returncode not in (0, _FOUND):
        what = result.stderr.decode("utf-8", "replace").strip() or f"it ends with {result.returncode}"
        raise StoreError(str(program), what, "look at `check: words:` in mkdocs.yml")
    for line in result.stdout.splitlines():
        row = json.loads(line)
        if row.get("type") == "typo":
            yield row["line_num"] - 1, row["byte_offset"], row["typo"], row["corrections"]
