"""Compiled programs are kept, so that running one again does not compile it again."""

import os
import subprocess
from pathlib import Path

import pytest

from kit import Program
from kit.host import HostError, run
from kit.host.running import building
from kit.host.running.building import built

pytestmark = pytest.mark.notebook

PROGRAM = Program("kept", "def main(): print(7)")


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "os-course-kit" / "host"


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that grows by each program that is compiled."""
    names: list[str] = []
    real_run = subprocess.run

    def noted(command, **options):
        names.append(Path(command[-1]).name)
        return real_run(command, **options)

    monkeypatch.setattr(building.subprocess, "run", noted)
    return names


def test_the_second_run_compiles_nothing(cache: Path, compiled: list[str]):
    """The same text is taken from the cache, whatever runs were in between; another one is not."""
    assert run(PROGRAM).output(2) == "7\n"
    assert run(PROGRAM).output(2) == "7\n"
    assert compiled == ["kept"]
    assert run(Program("kept", "def main(): print(8)")).output(2) == "8\n"
    assert compiled == ["kept"] * 2
    assert len(list(cache.iterdir())) == 2
    assert cache.stat().st_mode & 0o777 == 0o700


def test_another_compiler_or_recorder_makes_another_program(
    cache: Path, compiled: list[str], monkeypatch: pytest.MonkeyPatch
):
    """What else goes into a program is part of its name in the cache."""
    run(PROGRAM)
    monkeypatch.setattr(building, "OPTIONS", (*building.OPTIONS, "-g"))
    run(PROGRAM)
    assert compiled == ["kept"] * 2


def test_the_longest_unused_go_first(
    cache: Path, compiled: list[str], monkeypatch: pytest.MonkeyPatch
):
    """The cache does not grow for ever."""
    monkeypatch.setattr(building, "MOST_KEPT", 2)
    for number in (1, 2, 3):
        run(Program("kept", f"def main(): print({number})"))
        for age, path in enumerate(sorted(cache.iterdir(), key=lambda p: p.stat().st_mtime)):
            os.utime(path, (1000 * number + age, 1000 * number + age))
    assert len(list(cache.iterdir())) == 2
    run(Program("kept", "def main(): print(3)"))
    assert len(compiled) == 3


def test_nothing_else_is_removed_from_the_folder(cache: Path, monkeypatch: pytest.MonkeyPatch):
    """A file that someone has put there, or a folder to which it is a link, stays as it is."""
    monkeypatch.setattr(building, "MOST_KEPT", 1)
    cache.mkdir(parents=True)
    (cache / "notes").write_text("mine")
    os.utime(cache / "notes", (1, 1))
    for number in (1, 2):
        run(Program("kept", f"def main(): print({number})"))
    assert (cache / "notes").read_text() == "mine"
    assert len(list(cache.iterdir())) == 2


def _write_for_all(kept: Path) -> None:
    kept.chmod(0o722)


def _link(kept: Path) -> None:
    kept.rename(kept.parent / "elsewhere")
    kept.symlink_to("elsewhere")


def _pipe(kept: Path) -> None:
    kept.unlink()
    os.mkfifo(kept)


@pytest.mark.parametrize("change", [_write_for_all, _link, _pipe])
def test_what_others_can_have_written_is_not_run(change, cache: Path, compiled: list[str]):
    """What anybody could have changed, or what is no file, is compiled again and replaced."""
    run(PROGRAM)
    (kept,) = cache.iterdir()
    change(kept)
    assert run(PROGRAM).output(2) == run(PROGRAM).output(2) == "7\n"
    assert compiled == ["kept"] * 2
    assert kept.is_file()
    assert not kept.is_symlink()
    assert kept.stat().st_mode & 0o022 == 0


def test_what_belongs_to_someone_else_is_not_run(
    cache: Path, compiled: list[str], monkeypatch: pytest.MonkeyPatch
):
    """A cache that several users share is of no use, and does no harm."""
    run(PROGRAM)
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    assert run(PROGRAM).output(2) == "7\n"
    assert compiled == ["kept"] * 2


def test_a_cache_that_is_read_only_is_used(
    cache: Path, compiled: list[str], monkeypatch: pytest.MonkeyPatch
):
    """Where it cannot be noted that a program was used again, it is still not compiled again."""
    run(PROGRAM)

    def refused(*_):
        raise PermissionError

    monkeypatch.setattr(building.os, "utime", refused)
    assert run(PROGRAM).output(2) == "7\n"
    assert compiled == ["kept"]


def test_without_a_cache_all_still_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A home that cannot be written to, as in some containers, is no error."""
    (tmp_path / "os-course-kit").write_text("in the way")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert run(PROGRAM).output(2) == "7\n"


def test_what_cannot_be_compiled_is_told(cache: Path, monkeypatch: pytest.MonkeyPatch):
    """The first line of the compiler's complaint is in the error, and nothing is kept."""
    monkeypatch.setattr(building, "OPTIONS", ("-no-such-option",))
    with pytest.raises(HostError, match="cannot compile 'kept'"), built({"kept": PROGRAM}, "c"):
        pass
    assert not cache.exists()
