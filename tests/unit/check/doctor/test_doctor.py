import json
import os
import re
import subprocess
import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from packaging.version import Version

from kit import __version__
from kit.check.doctor import examination, extensions, jupyter, packages
from kit.check.doctor.diagnostic import Diagnostic
from kit.check.doctor.versions import PACKAGES
from tests.unit.check.doctor.environments import (
    HERE,
    be_alone,
    copy_extensions,
    make_environment,
    put_extension,
    put_kernel,
    put_settings,
)

pytestmark = pytest.mark.notebook

MANAGER = "@jupyter-widgets/jupyterlab-manager"
on_posix = pytest.mark.skipif(os.name == "nt", reason="a script of the shell")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with nothing in it, of somebody who has set nothing."""
    be_alone(tmp_path, monkeypatch)
    return tmp_path / "home"


def wrong(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """What is wrong, each with something to do about it."""
    found = [diagnostic for diagnostic in diagnostics if diagnostic.level == "wrong"]
    assert all(diagnostic.remedy for diagnostic in found)
    return found


def follow(remedy: str) -> None:
    """Run the command of a remedy, as somebody does who copies it into a shell."""
    subprocess.run(remedy, shell=True, check=True, capture_output=True)


def doctor(python: Path | str, folder: Path) -> tuple[int, str, dict[str, Any]]:
    """Run `kit doctor`: its code, what it prints, and its JSON."""
    file = folder / "doctor.json"
    command = [str(python), "-m", "kit", "doctor", "--json", str(file)]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, encoding="utf-8", env=utf8(), check=False
    )
    assert file.is_file(), done.stderr
    return done.returncode, done.stdout, json.loads(file.read_text(encoding="utf-8"))


def utf8() -> dict[str, str]:
    """The environment of a program that prints more than ASCII, also on Windows."""
    return {**os.environ, "PYTHONUTF8": "1"}


def test_nothing_is_wrong_here(tmp_path: Path):
    """In the environment of the tests all is well, and it says of what."""
    code, printed, report = doctor(sys.executable, tmp_path)
    assert code == 0, printed
    assert report["passed"]
    assert report["versions"]["ipywidgets"]
    assert {diagnostic["level"] for diagnostic in report["findings"]} <= {"well", "note"}
    subjects = [diagnostic["subject"] for diagnostic in report["findings"]]
    assert list(dict.fromkeys(subjects)) == [
        *("Python", "kit", "packages", "Jupyter", "kernel", "widgets", "browser")
    ]
    assert printed.rstrip().endswith("all is well")
    assert "\x1b" not in printed


def test_each_thing_is_told_once(monkeypatch: pytest.MonkeyPatch):
    """A package that several extras ask for, and that does not fit, is one diagnostic."""
    real = packages.installed
    monkeypatch.setattr(packages, "installed", lambda n: "0.12.0" if n == "nbval" else real(n))
    monkeypatch.setattr(examination, "CHECKS", (packages.check,))
    found = [one.found for one in examination.examine() if one.level == "wrong"]
    assert len(found) == 1
    assert found[0].startswith("nbval is 0.12.0, but os-course-kit")


def test_json_needs_a_folder(tmp_path: Path):
    """A file in a folder that is not there is one sentence, before anything is looked at."""
    command = [sys.executable, "-m", "kit", "doctor", "--json", str(tmp_path / "no" / "file")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(r"kit: .* there is no folder .*; make it first\n", done.stderr)


def test_version_names_what_a_bug_report_needs():
    """`kit --version` has the kit first, then Python and every package, there or not."""
    command = [sys.executable, "-m", "kit", "--version"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    first, *rest = printed.splitlines()
    assert first == f"os-course-kit, version {__version__}"
    rows = dict(line.split(maxsplit=1) for line in rest)
    assert [*rows] == ["Python", "platform", *PACKAGES]
    assert rows["Python"].startswith(f"{sys.version_info.major}.{sys.version_info.minor}.")
    assert all(value == "not installed" or Version(value) for value in [*rows.values()][2:])


@pytest.mark.parametrize(
    ("name", "version", "needs"),
    [
        (MANAGER, "3.1.11", "ipywidgets [0-9.]+ needs \\^5"),
        ("bqplot", "0.5.46", "bqplot [0-9.]+ needs \\^0\\.6"),
        ("bqscales", "0.2.0", "bqscales [0-9.]+ needs \\^0\\.3"),
        ("anywidget", "0.9.21", "anywidget [0-9.]+ needs ~0\\.11"),
    ],
)
def test_javascript_of_another_version(
    name: str, version: str, needs: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """A copy that JupyterLab loads first and that Python cannot use is told with its folder."""
    place = put_extension(tmp_path / "other", name, version)
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "other"))
    (diagnostic,) = wrong(extensions.check())
    assert f"{name} {version} from {place}" in diagnostic.found
    assert re.search(needs, diagnostic.found)
    assert str(place) in diagnostic.remedy
    assert "JUPYTER_PATH" in diagnostic.remedy
    (place / "package.json").unlink()
    assert wrong(extensions.check()) == []


def test_copy_at_home_hides_that_of_the_environment(home: Path, monkeypatch: pytest.MonkeyPatch):
    """Another version at home is wrong where home comes first; the same one is only noted."""
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "0")
    ours = HERE / "labextensions" / "bqplot"
    version = json.loads((ours / "package.json").read_text())["version"]
    later = f"{version.rpartition('.')[0]}.99"
    place = put_extension(home / "data", "bqplot", later)
    (diagnostic,) = wrong(extensions.check())
    assert f"bqplot {later}" in diagnostic.found
    assert f"hides {version} in {ours}" in diagnostic.found
    assert diagnostic.remedy == f"take the folder {place} away"
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "1")
    assert wrong(extensions.check()) == []
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "0")
    package = json.loads((place / "package.json").read_text())
    (place / "package.json").write_text(json.dumps(package | {"version": version}))
    assert [f.level for f in extensions.check() if "hides" in f.found] == ["note"]


def test_unreadable_extension(home: Path):
    """An extension that JupyterLab itself cannot read is told with its folder."""
    place = put_extension(home / "data", "bqplot", "0.6.1")
    (place / "package.json").write_text("{")
    (diagnostic,) = wrong(extensions.check())
    assert str(home / "data") in diagnostic.found


@pytest.mark.parametrize(("pattern", "locked"), [("bqplot", False), (f"{MANAGER}:plugin", True)])
def test_disabled_extension(home: Path, pattern: str, locked: bool):
    """What is disabled is told with the file that does it, and the remedy enables it."""
    keys = ("disabledExtensions", "lockedExtensions") if locked else ("disabledExtensions",)
    file = home / "config" / "labconfig" / "page_config.json"
    put_settings(file, **{key: {pattern: True} for key in keys})
    (diagnostic,) = wrong(extensions.check())
    assert diagnostic.found == f"{pattern} is disabled in {file}"
    assert ("unlock" in diagnostic.remedy) == locked
    follow(diagnostic.remedy)
    assert wrong(extensions.check()) == []
    assert json.loads(file.read_text())["disabledExtensions"][pattern] is False


def test_disabled_where_the_command_does_not_reach(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A file for which JupyterLab has no command is named, to be mended by hand."""
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", str(tmp_path / "more"))
    listed = ["@jupyterlab/celltags", "anywidget"]
    file = tmp_path / "more" / "labconfig" / "page_config.json"
    put_settings(file, disabledExtensions=dict.fromkeys(listed, True))
    (diagnostic,) = wrong(extensions.check())
    assert diagnostic.remedy == f"take anywidget out of {file}"


def test_kernel_of_another_python(home: Path, monkeypatch: pytest.MonkeyPatch):
    """A kernel at home that starts another Python is told, and the remedy removes it."""
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "0")
    other = make_environment(home / "other")
    place = put_kernel(home / "data", str(other), "-m", "ipykernel_launcher", "-f", "{file}")
    (diagnostic,) = wrong(jupyter.check())
    assert f"python3 in {place} starts another Python, {other}" in diagnostic.found
    follow(diagnostic.remedy.removeprefix("remove it: "))
    assert not place.exists()
    assert wrong(jupyter.check()) == []


def test_kernel_of_a_python_that_is_gone(home: Path, monkeypatch: pytest.MonkeyPatch):
    """So is a kernel of an environment that somebody has deleted."""
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "0")
    put_kernel(home / "data", str(home / "gone" / "python"), "-m", "ipykernel_launcher")
    (diagnostic,) = wrong(jupyter.check())
    assert "starts a program that is not there" in diagnostic.found


def test_kernel_that_is_this_python(home: Path, monkeypatch: pytest.MonkeyPatch):
    """A kernel elsewhere that starts this Python by its path is well."""
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "0")
    put_kernel(home / "data", sys.executable, "-m", "ipykernel_launcher", "-f", "{file}")
    assert wrong(jupyter.check()) == []


def test_unreadable_kernel(home: Path, monkeypatch: pytest.MonkeyPatch):
    """A kernel whose file is broken is told."""
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "0")
    (put_kernel(home / "data") / "kernel.json").write_text("{")
    (diagnostic,) = wrong(jupyter.check())
    assert "cannot be read" in diagnostic.found


@on_posix
@pytest.mark.parametrize("leads_here", [False, True])
def test_jupyter_on_the_path(leads_here: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Another environment's Jupyter on PATH is told; a detour to this one's is well."""
    python = sys.executable if leads_here else make_environment(tmp_path / "other")
    program = tmp_path / "programs" / "jupyter"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{python}" -m jupyter "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", os.pathsep.join((str(program.parent), "/usr/bin", "/bin")))
    found = wrong(jupyter.check())
    assert len(found) == (not leads_here)
    for diagnostic in found:
        assert str(program) in diagnostic.found
        assert str(Path(sysconfig.get_path("scripts")) / "activate") in diagnostic.remedy


def test_environment_with_wrong_packages(tmp_path: Path):
    """In an environment that lacks JavaScript, or has packages that do not fit, each is told."""
    prefix = tmp_path / "environment"
    python = make_environment(prefix)
    copy_extensions(prefix)
    folder = prefix / "share" / "jupyter" / "labextensions"
    (folder / "bqscales" / "package.json").unlink()
    bqplot = json.loads((folder / "bqplot" / "package.json").read_text())
    (folder / "bqplot" / "package.json").write_text(json.dumps(bqplot | {"version": "0.5.46"}))
    old = next(prefix.rglob("ours.pth")).parent / "anywidget-0.9.0.dist-info"
    old.mkdir()
    (old / "METADATA").write_text("Metadata-Version: 2.1\nName: anywidget\nVersion: 0.9.0\n")
    code, printed, report = doctor(python, tmp_path)
    found = wrong(Diagnostic(**diagnostic) for diagnostic in report["findings"])
    told = {diagnostic.found: diagnostic.remedy for diagnostic in found}
    assert (code, report["passed"]) == (1, False)
    for part, remedy in {
        "anywidget is 0.9.0, but os-course-kit": "'anywidget<0.12,>=0.11'",
        "JupyterLab finds no bqscales": "--force-reinstall --no-deps bqscales==",
        f"bqplot 0.5.46 from {folder / 'bqplot'}": "--force-reinstall --no-deps bqplot==",
    }.items():
        (has,) = [told[one] for one in told if part in one]
        assert remedy in has
        assert str(python) in has
    assert printed.rstrip().splitlines()[-1].startswith(f"{len(found)} things wrong here")
