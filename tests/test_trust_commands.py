"""What a machine does to a run, tried on every command: a full disk, missing rights, other locales, Ctrl-C, odd paths.

Either the command ends as ever, or it says in one line what stopped it, leaves every file as it was or as it shall be,
and the next run finishes.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from trust.commands import COMMANDS, NOW, Command, Ended, begin, copy_made, make_publication, run, tree
from trust.disks import small_disk
from trust.kills import run_watched

from insights.store import hold

FREE_KILOBYTES = 16  # enough for the first files of most commands
_DAC_OVERRIDE, _DAC_READ_SEARCH, _DROP_BOUNDING = 1, 2, 24  # linux/capability.h, linux/prctl.h
_MEGABYTES = 24

each_command = pytest.mark.parametrize("command", COMMANDS, ids=lambda each: each.name)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_publication(tmp_path_factory.mktemp("made") / "publication")


@pytest.fixture(scope="session")
def ended(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Command], Ended]:
    """How a command ends where nothing goes wrong; each is run once."""
    known: dict[Command, Ended] = {}

    def end(command: Command) -> Ended:
        if command not in known:
            root = copy_made(made, tmp_path_factory.mktemp("clean") / "publication")
            before, result = tree(root), run(root, command)
            assert result.returncode in (0, 1), result.stderr
            assert "Traceback" not in result.stderr
            known[command] = Ended(result.returncode, before, tree(root))
        return known[command]

    return end


def obey_rights() -> None:
    """Takes root's right to read and write everything from the process that is begun; others never had it."""
    if os.geteuid() == 0:
        libc = ctypes.CDLL(None)
        for capability in (_DAC_OVERRIDE, _DAC_READ_SEARCH):
            libc.prctl(_DROP_BOUNDING, capability, 0, 0, 0)


def assert_clear(result: subprocess.CompletedProcess[str], code: int, *parts: str) -> None:
    assert result.returncode == code, f"{result.stdout}\n{result.stderr}"
    assert "Traceback" not in result.stderr
    assert "Exception ignored" not in result.stderr
    for part in parts:
        assert part in result.stderr


def assert_nothing_torn(root: Path, ended: Ended, command: Command) -> None:
    """Every file is as before or as after; what build makes is the old site or the new one as a whole."""
    now = tree(root)
    both = ended.before, ended.after
    odd = [name for name in {*ended.before, *now} if now.get(name) not in [each.get(name) for each in both]]
    assert odd == []
    sites = [{name: data for name, data in each.items() if name.startswith("site/")} for each in (*both, now)]
    assert sites[2] in sites[:2] or command.arguments[0] != "build"


def assert_as_ever(root: Path, ended: Ended) -> None:
    now = tree(root)
    assert sorted(now) == sorted(ended.after)
    assert [name for name in now if now[name] != ended.after[name]] == []


@each_command
def test_a_full_disk(made: Path, ended: Callable[[Command], Ended], tmp_path: Path, command: Command) -> None:
    with small_disk(tmp_path / "disk", _MEGABYTES) as disk:
        root = copy_made(made, disk / "p")
        _fill_up(disk / "filler", FREE_KILOBYTES)
        result = run(root, command)
        if result.returncode == 2:
            assert_clear(result, 2, "No space left on device", "fix:")
            assert str(root) in result.stderr or "content/" in result.stderr or "out/" in result.stderr
        else:
            assert_clear(result, ended(command).code)
            assert_as_ever(root, ended(command))
        assert_nothing_torn(root, ended(command), command)
        (disk / "filler").unlink()
        if result.returncode == 2:
            assert_clear(run(root, command), ended(command).code)
        assert_as_ever(root, ended(command))


def _fill_up(path: Path, free_kilobytes: int) -> None:
    """Leaves this much room on the path's disk, in blocks of 4 KB."""
    with path.open("wb", buffering=0) as file, suppress(OSError):  # a buffer would be written once more at its end
        while True:
            file.write(bytes(1_000_000))
    size = path.stat().st_size
    os.truncate(path, size - size % 4096 - free_kilobytes * 1024)


@each_command
def test_a_publication_that_may_not_be_written(
    made: Path, ended: Callable[[Command], Ended], tmp_path: Path, command: Command
) -> None:
    root = copy_made(made, tmp_path / "p")
    for folder in (root, *(path for path in root.rglob("*") if path.is_dir())):
        folder.chmod(0o555)
    result = run(root, command, before=obey_rights)
    for folder in (root, *(path for path in root.rglob("*") if path.is_dir())):
        folder.chmod(0o755)
    assert tree(root) == ended(command).before
    if command.is_writing or "out" in command.arguments or "send" in command.arguments:
        assert_clear(result, 2, "Permission denied", "fix: check the folder's rights and the disk")
    else:
        assert_clear(result, ended(command).code)


@pytest.mark.parametrize("place", ["insights/waiting-times.md", "assets/waiting-times/wait.svg"])
@pytest.mark.parametrize("fault", ["rights", "vanishing"])
def test_a_file_that_cannot_be_read_is_named_by_check(made: Path, tmp_path: Path, place: str, fault: str) -> None:
    root = copy_made(made, tmp_path / "p")
    path = root / "content" / place
    if fault == "rights":
        path.chmod(0)
    else:  # it is listed, and no longer there when it is opened
        path.unlink()
        path.symlink_to("gone")
    result = run(root, Command(("check",)), before=obey_rights)
    assert_clear(result, 1)
    assert place.partition("/")[2] in result.stdout


def test_an_export_that_would_lack_an_article_is_refused(made: Path, tmp_path: Path) -> None:
    root = copy_made(made, tmp_path / "p")
    (root / "content/insights/waiting-times.md").chmod(0)
    result = run(root, Command(("export", "--to", "json", "out")), before=obey_rights)
    assert_clear(result, 2, "content/insights/waiting-times.md:1:1: Permission denied")
    assert not (root / "out").exists()


@pytest.mark.parametrize("is_there", [False, True], ids=["new", "empty"])
def test_an_export_that_fails_in_the_middle_leaves_nothing(made: Path, tmp_path: Path, is_there: bool) -> None:
    root = copy_made(made, tmp_path / "p")
    picture, out = root / "content/assets/waiting-times/wait.svg", tmp_path / "to" / "out"
    export = Command(("export", "--to", "json", str(out)))
    if is_there:
        out.mkdir(parents=True)
    picture.chmod(0)
    assert_clear(run(root, export, before=obey_rights), 2, "wait.svg")
    assert not any(tmp_path.joinpath("to").rglob("*.*"))
    picture.chmod(0o644)
    left = out.with_name(f".{out.name}.part")  # of a run that was killed
    left.mkdir(parents=True)
    (left / "old.json").write_text("half")
    assert_clear(run(root, export, before=obey_rights), 0)
    assert (out / "publication.json").is_file()
    assert not (out / "old.json").exists()
    assert not left.exists()


def _far_from_home(made: Path, tmp_path: Path) -> tuple[Path, dict[str, str]]:
    """A folder with an odd name of 250 bytes, a locale of ASCII alone, and no other program: no git."""
    name = "a b'\"$#?% 😀 café "
    root = copy_made(made, tmp_path / (name + "x" * (250 - len(name.encode()))))
    plain = {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    return root, {**plain, "PATH": str(tmp_path / "no-programs")}


def _in_latin_1(made: Path, tmp_path: Path) -> tuple[Path, dict[str, str]]:
    return copy_made(made, tmp_path / "p"), {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "latin-1"}


@each_command
@pytest.mark.parametrize("around", [_far_from_home, _in_latin_1], ids=["far-from-home", "latin-1"])
def test_odd_folders_and_other_locales(
    made: Path,
    ended: Callable[[Command], Ended],
    tmp_path: Path,
    command: Command,
    around: Callable[[Path, Path], tuple[Path, dict[str, str]]],
) -> None:
    root, environment = around(made, tmp_path)
    assert_clear(run(root, command, **environment), ended(command).code)
    assert_as_ever(root, ended(command))


@each_command
def test_windows_line_ends_and_byte_order_marks(
    made: Path, ended: Callable[[Command], Ended], tmp_path: Path, command: Command
) -> None:
    root = copy_made(made, tmp_path / "p")
    for path in [*(root / "content").rglob("*.*"), *(root / "old").rglob("*.*"), root / "mkdocs.yml"]:
        if path.suffix in (".md", ".txt", ".yml"):
            path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert_clear(run(root, command), ended(command).code)
    assert sorted(tree(root)) == sorted(ended(command).after)


@each_command
def test_a_clock_set_back(made: Path, tmp_path: Path, command: Command) -> None:
    root = copy_made(made, tmp_path / "p")
    before = {name for name in tree(root) if name.startswith("content/")}
    result = run(root, command, SOURCE_DATE_EPOCH="1000000000")
    assert result.returncode in (0, 1) or "fix:" in result.stderr
    assert_clear(result, result.returncode)
    assert before - set(tree(root)) <= {"content/inbox/notes.txt"}, "ingest takes what it has read out of the inbox"


@each_command
def test_ctrl_c(made: Path, ended: Callable[[Command], Ended], tmp_path: Path, command: Command) -> None:
    counted, root = copy_made(made, tmp_path / "counted"), copy_made(made, tmp_path / "p")
    run_watched(counted, command.arguments, KILL_AT="0", KILL_COUNT=str(tmp_path / "count"), SOURCE_DATE_EPOCH=NOW)
    writes = int((tmp_path / "count").read_text())
    if not writes:
        assert not command.is_writing
        return
    result = run_watched(
        root, command.arguments, KILL_AT=str(max(1, writes * 3 // 5)), KILL_WITH="2", SOURCE_DATE_EPOCH=NOW
    )
    assert_clear(result, 130, "Interrupted.")
    assert_nothing_torn(root, ended(command), command)
    shutil.rmtree(root / "out", ignore_errors=True)
    assert run(root, command).returncode in (0, 1, 2)


@each_command
def test_a_reader_of_the_output_that_goes(
    made: Path, ended: Callable[[Command], Ended], tmp_path: Path, command: Command
) -> None:
    root = copy_made(made, tmp_path / "p")
    read, write = os.pipe()
    os.close(read)
    result = run(root, command, stdout=write)
    os.close(write)
    for words in ("Traceback", "Exception ignored", "Broken pipe"):
        assert words not in result.stderr
    assert_as_ever(root, ended(command))


@pytest.mark.parametrize("command", [each for each in COMMANDS if each.is_writing], ids=lambda each: each.name)
def test_a_second_command_waits_for_the_first_and_then_does_its_work(
    command: Command, made: Path, ended: Callable[[Command], Ended], tmp_path: Path
) -> None:
    root = copy_made(made, tmp_path / "publication")
    before = tree(root)
    with hold(root, "tags merge", lambda _message: None):
        second = begin(root, command)
        assert second.stderr is not None
        assert second.stderr.readline() == f"Waiting for insights tags merge, process {os.getpid()} to end …\n"
        assert tree(root) == before
    _stdout, stderr = second.communicate()
    assert second.returncode == ended(command).code, stderr
    assert "Traceback" not in stderr
    assert_as_ever(root, ended(command))
