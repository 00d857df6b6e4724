"""Real file systems to fail on: one that is soon full, and one that knows no case and no names that Windows has not."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_IMAGE_BYTES = 128_000_000


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A file system in memory of this size, empty, at `folder`."""
    with _mounted(folder, "mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "insights-test", str(folder)):
        yield folder


@contextmanager
def windows_disk(folder: Path) -> Iterator[Path]:
    """NTFS at `folder`, which takes "Foo" for "foo", and no name that Windows does not take."""
    make = shutil.which("mkntfs") or shutil.which("/usr/sbin/mkntfs")
    if make is None:
        pytest.skip("!!! needs ntfs-3g; `make test` as root installs it")
    image = folder.with_name(f"{folder.name}.image")
    image.touch()
    os.truncate(image, _IMAGE_BYTES)
    subprocess.run([make, "--quick", "--quiet", "--force", str(image)], capture_output=True, check=True)
    with _mounted(folder, "lowntfs-3g", "-o", "ignore_case,windows_names", str(image), str(folder)):
        yield folder


@contextmanager
def _mounted(folder: Path, *command: str) -> Iterator[None]:
    folder.mkdir()
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    try:
        subprocess.run([*sudo, *command], capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"!!! needs the right to mount a file system: {error}")
    try:
        yield
    finally:
        subprocess.run([*sudo, "umount", str(folder)], check=True)
