"""Files of the site made on a Dask cluster whose workers share the publication's folder.

A worker lists the site for itself, from what the build has left under build/, once for each build; then it makes the
files it is asked for, where the build would have put them. What it lists has to have the keys that the build has: a
worker that sees other content, or runs other code, makes nothing.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from insights.errors import RenderError, StoreError
from insights.site.inputs import Run, digest
from insights.site.tree import MadeFile, Output
from insights.store import RIGHTS
from insights.workers import WorkerDiedError, Workforce, run_all

_SHARE = 24  # files: enough to be worth a message, few enough that one lost worker costs little
_listed = threading.local()


@dataclass(frozen=True, slots=True)
class _Share:
    """Some files of one build, by path and key, and the folder that they belong in."""

    run: Run
    build: bytes
    folder: Path
    files: tuple[tuple[str, bytes], ...]


def make_on_cluster(run: Run, folder: Path, outputs: Sequence[Output]) -> Iterator[MadeFile]:
    """Makes each output in `folder`, on the cluster of `run`; in their order. Raises RenderError or SourceError."""
    build = digest(*(output.key for output in outputs))
    bare = Run(run.root, run.now, 1, run.is_preview)
    files = [(output.path, output.key) for output in outputs]
    shares = [_Share(bare, build, folder, tuple(files[at : at + _SHARE])) for at in range(0, len(files), _SHARE)]
    with Workforce(cluster=run.cluster).open() as workers:
        yield from chain.from_iterable(run_all(shares, workers, _make_share, _lost))


def _lost(share: _Share, error: WorkerDiedError) -> list[MadeFile]:
    paths = f"{share.files[0][0]} … {share.files[-1][0]}"
    fix = "see the workers' own log; build without --cluster"
    raise RenderError(paths, f"the workers that made these files failed: {error}", fix) from error


def _make_share(share: _Share) -> list[MadeFile]:
    outputs = _outputs_of(share)
    made = []
    for path, key in share.files:
        output = outputs.get(path)
        if output is None or output.key != key:
            fix = "let all workers see the publication's folder by the same path, and run the same version of insights"
            raise RenderError(path, "a worker of the cluster knows no such file, or another one", fix)
        started = time.perf_counter()
        file = output.make()
        _write(share.folder / path, file.data)
        made.append((dict(file.asked), file.findings, time.perf_counter() - started))
    return made


def _write(path: Path, data: bytes) -> None:
    """Writes a file as a whole. What a worker that dies leaves half-written has the name that the next one takes."""
    part = path.with_name(f".{digest(path.name).hex()}.part")
    try:
        part.write_bytes(data)
        part.replace(path)
    except OSError as error:
        raise StoreError(str(path), error.strerror or str(error), RIGHTS) from error


def _outputs_of(share: _Share) -> Mapping[str, Output]:
    """The site of a build as this worker lists it, kept for the shares that follow; each thread has its own."""
    if getattr(_listed, "build", None) != share.build:
        from insights.site.engines import list_site

        _listed.outputs = {output.path: output for output in list_site(share.run)}
        _listed.build = share.build
    outputs: Mapping[str, Output] = _listed.outputs
    return outputs
