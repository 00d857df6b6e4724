"""Pagefind as a service, `pagefind --service`: pages go in, the files of their index come out; no disk is in between.

A message is JSON in base64 with a comma behind it, and has one answer. The package's own client is not used: it waits a
tenth of a second for each answer, and for ever for a service that has died.
"""

from __future__ import annotations

import subprocess
import tempfile
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any

import msgspec

from insights.errors import RenderError

REINSTALL = "reinstall it: make clean site"
_PIECE = 1 << 20  # bytes


class _File(msgspec.Struct, frozen=True):
    path: str
    content: bytes


class _Said(msgspec.Struct, frozen=True):
    type: str
    message: str = ""
    index_id: int = 0
    files: list[_File] = []


class _Answer(msgspec.Struct, frozen=True):
    payload: _Said


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(_Answer).decode


@contextmanager
def run_pagefind() -> Iterator[Pagefind]:
    """A process that indexes until it is left. Raises RenderError where it cannot begin."""
    from pagefind.service import get_executable

    pipe = subprocess.PIPE
    with tempfile.TemporaryFile() as errors:
        try:
            process = subprocess.Popen([str(get_executable()), "--service"], stdin=pipe, stdout=pipe, stderr=errors)  # noqa: S603
        except OSError as error:
            raise RenderError("Pagefind", error.strerror or str(error), REINSTALL) from error
        try:
            yield Pagefind(process, errors)
        finally:
            process.kill()  # there is nothing that it has to bring to an end
            process.communicate()


@dataclass(frozen=True, slots=True)
class Pagefind:
    """The process, and what it says of its errors."""

    process: subprocess.Popen[bytes]
    errors: IO[bytes]

    def index(self, pages: Iterable[tuple[str, bytes]]) -> dict[str, bytes]:
        """The files of the index of some pages, which are given by their paths, and numbered as they come.

        Raises RenderError where the process fails.
        """
        index = self._ask("NewIndex", config={}).index_id
        for path, html in pages:
            text = html.decode(errors="replace")
            self._ask("AddFile", index_id=index, file_path=path, file_contents=text)
        files = self._ask("GetFiles", index_id=index).files
        self._ask("DeleteIndex", index_id=index)
        return {file.path: file.content for file in files}

    def _ask(self, kind: str, **fields: Any) -> _Said:
        assert self.process.stdin  # noqa: S101
        try:
            self.process.stdin.write(b64encode(_encode({"message_id": 1, "payload": {"type": kind, **fields}})) + b",")
            self.process.stdin.flush()
            said = _decode(b64decode(self._read())).payload
        except (OSError, EOFError, ValueError) as error:
            told = self._last_words() or str(error) or "it ended"
            raise RenderError("Pagefind", f"Pagefind failed: {told}", REINSTALL) from error
        if said.type == "Error":
            raise RenderError(fields.get("file_path", "Pagefind"), f"Pagefind failed: {said.message}", REINSTALL)
        return said

    def _read(self) -> bytes:
        """The next answer. Of a page that it cannot parse Pagefind says so before it answers, on a line of its own."""
        assert self.process.stdout  # noqa: S101
        data = bytearray()
        while not data.endswith(b","):
            piece = self.process.stdout.read1(_PIECE)  # type: ignore[attr-defined]
            if not piece:
                raise EOFError
            data += piece
        return bytes(data[:-1].rpartition(b"\n")[2])

    def _last_words(self) -> str:
        """What it wrote when it ended: the line on which it panicked, and the next."""
        self.process.kill()
        self.process.wait()
        self.errors.seek(0)
        text = self.errors.read().decode(errors="replace")
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        panic = next((index for index, line in enumerate(lines) if "panicked" in line), len(lines) - 1)
        return " ".join(lines[max(panic, 0) : panic + 2])
