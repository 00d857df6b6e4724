"""Previews of pull requests, below /preview/<number>/ of the site. Standard library only, as `github` says."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from insights.desk.github import GitHub, RefusedError
from insights.errors import FetchError
from insights.zips import UNREADABLE

FOLDER = "preview"
ARTEFACT = "preview"
_MAX_BYTES = 200_000_000
_MAX_UNPACKED_BYTES = 1_000_000_000
_MAX_PREVIEWS = 20


def preview_url(github: GitHub, number: int) -> str | None:
    """Where the preview of a pull request is published; None where the repository publishes no site."""
    try:
        site = github.get("/pages")["html_url"]
    except RefusedError as error:
        if error.status not in (403, 404):
            raise
        return None
    return f"{site.rstrip('/')}/{FOLDER}/{number}/"


def add_previews(github: GitHub, site: Path) -> list[int]:
    """The numbers of the pull requests whose previews were put into a built site, newest first.

    Branches of forks have none: nothing of a stranger's is published under the site's name. A private repository has
    none either: its drafts are not for everybody.
    """
    if github.get("")["private"]:
        return []
    newest: dict[str, int] = {}
    for artefact in github.get("/actions/artifacts", name=ARTEFACT, per_page="100")["artifacts"]:
        run = artefact["workflow_run"]
        if not artefact["expired"] and run["head_repository_id"] == run["repository_id"]:
            newest.setdefault(run["head_sha"], int(artefact["id"]))
    added: list[int] = []
    for request in github.get("/pulls", state="open", sort="updated", direction="desc", per_page="100"):
        home = (request["head"]["repo"] or {}).get("full_name")  # None where the fork is gone
        artefact_id = newest.get(request["head"]["sha"])
        if home == github.repository and artefact_id is not None and len(added) < _MAX_PREVIEWS:
            number = int(request["number"])
            for name, data in _unpack(github.download(f"/actions/artifacts/{artefact_id}/zip", _MAX_BYTES)):
                path = site / FOLDER / str(number) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
            added.append(number)
    return added


def _unpack(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The files of an archive, whose names lead nowhere but below the folder into which they are written."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if sum(entry.file_size for entry in entries) > _MAX_UNPACKED_BYTES:
                raise FetchError(ARTEFACT, f"it unpacks to over {_MAX_UNPACKED_BYTES:,} bytes", "build a smaller site")
            for entry in entries:
                parts = entry.filename.split("/")
                if not {"", ".", ".."} & set(parts) and "\\" not in entry.filename:
                    yield entry.filename, archive.read(entry)
    except UNREADABLE as error:
        raise FetchError(ARTEFACT, f"no archive that can be read: {error}", "run the check again") from error
