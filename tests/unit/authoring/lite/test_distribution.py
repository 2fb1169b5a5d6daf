"""A Pyodide distribution that somebody has at hand."""

import json
import shutil
import tarfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from kit import KitError
from kit.authoring.lite.distribution import LOCK, PARTS, check_distribution
from kit.authoring.lite.runtime import runtime
from kit.authoring.site.commands import build

pytestmark = pytest.mark.notebook


@pytest.fixture
def core(tmp_path: Path) -> Path:
    """A core distribution: Python, and the list of packages without their wheels."""
    folder = tmp_path / "core"
    folder.mkdir()
    for name in PARTS:
        (folder / name).touch()
    shutil.copyfile(runtime() / LOCK, folder / LOCK)
    return folder


def test_a_core_distribution_is_refused(core: Path):
    """It has no wheels, so that the page would die; the sentence says what is missing."""
    with pytest.raises(KitError, match=r"ipython.*take the full distribution of Pyodide"):
        check_distribution(str(core))


def test_an_archive_of_one_too(core: Path):
    """An archive is looked into."""
    archive = core.with_name("pyodide-core.tar.bz2")
    with tarfile.open(archive, "w:bz2") as opened:
        opened.add(core, "pyodide")
    with pytest.raises(KitError, match=r"ipython.*take the full distribution of Pyodide"):
        check_distribution(str(archive))


def test_a_full_distribution_is_taken(core: Path):
    """With all wheels that lessons need nothing is said; others may be absent."""
    lock = json.loads((core / LOCK).read_text(encoding="utf-8"))
    for name, package in lock["packages"].items():
        if name != "scipy":
            (core / package["file_name"]).touch()
    check_distribution(str(core))


@pytest.mark.parametrize("part", PARTS)
def test_a_missing_part_is_named(core: Path, part: str):
    """What is no distribution at all is told from one without wheels."""
    (core / part).unlink()
    with pytest.raises(KitError, match=f"it has no {part}"):
        check_distribution(str(core))


def test_no_such_place(tmp_path: Path):
    """Neither is what is not there, or no archive."""
    (tmp_path / "x").touch()
    for name in ("nowhere", "x"):
        with pytest.raises(KitError, match="this is no Pyodide distribution"):
            check_distribution(str(tmp_path / name))


def test_an_address_is_not_looked_at():
    """What the network has is fetched when the site is built."""
    check_distribution("https://example.org/pyodide.tar.bz2")


def test_it_is_refused_before_anything_is_run(core: Path, tmp_path: Path):
    """The command says so first."""
    arguments = [str(tmp_path), "-o", str(tmp_path / "site"), "--lite", "--pyodide", str(core)]
    result = CliRunner().invoke(build, arguments)
    assert isinstance(result.exception, KitError)
    assert "full distribution" in str(result.exception)
    assert not (tmp_path / "site").exists()
