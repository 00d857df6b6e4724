"""A host for a built site as strict as hosts get: it sends what `_headers` asks for, compressed, and nothing else.

It speaks HTTP/1.1, a file at a time over each connection. It therefore leaves out Speculation-Rules: hosts that read
`_headers` speak HTTP/2, where that file waits for the style sheet; here it would take the style sheet's connection.
"""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from fnmatch import fnmatchcase
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type
from pathlib import Path
from urllib.parse import unquote, urlsplit

COMPRESSED = {".css", ".html", ".js", ".json", ".svg", ".txt", ".xml", ".md"}


def read_headers(site: Path) -> list[tuple[str, list[tuple[str, str]]]]:
    """What the site's `_headers` says, as hosts read it: each pattern of addresses with its headers."""
    blocks = []
    for block in (site / "_headers").read_text(encoding="utf-8").strip().split("\n\n"):
        pattern, *lines = block.split("\n")
        headers = [(name.strip(), value.strip()) for name, _colon, value in (line.partition(":") for line in lines)]
        blocks.append((pattern, headers))
    return blocks


@contextmanager
def strict_host(site: Path, root: str) -> Iterator[str]:
    """The address, with its final slash, at which the site is served below `root` ("/", "/review/")."""
    blocks = [
        (pattern, [header for header in headers if header[0] != "Speculation-Rules"])
        for pattern, headers in read_headers(site)
    ]

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            address = unquote(urlsplit(self.path).path)
            path = site / address.removeprefix(root) if address.startswith(root) else site / "404.html"
            if path.is_dir():
                path /= "index.html"
            status = 200 if path.is_file() else 404
            path = path if status == 200 else site / "404.html"
            headers = [header for pattern, each in blocks if fnmatchcase(address, pattern) for header in each]
            body = path.read_bytes()
            self.send_response(status)
            if not any(name == "Content-Type" for name, _value in headers):
                kind = guess_type(path.name)[0] or "application/octet-stream"
                self.send_header("Content-Type", f"{kind}; charset=utf-8" if kind.startswith("text/") else kind)
            for name, value in headers:
                self.send_header(name, value)
            if path.suffix in COMPRESSED:
                body = _compress(body)
                self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with suppress(ConnectionError):  # a page that is left while it loads
                self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{root}"
    finally:
        server.shutdown()
        server.server_close()


@lru_cache(maxsize=256)
def _compress(body: bytes) -> bytes:
    return gzip.compress(body, 9, mtime=0)
