"""Builds sdist and wheel, and tries them as somebody gets them who has no checkout.

``python -m tests.release`` leaves both in ``dist/``. What is built is looked through, then
the wheel is installed into a fresh environment, in a folder far from the checkout, and has
to run a lesson there.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kit import __version__
from kit.check.binder import uv

ROOT = Path(__file__).parents[1]
LESSON = "lessons/02_program_to_process.ipynb"
EXTRAS = "lessons,check,site"
BUILD_SECONDS = 120
INSTALL_SECONDS = 600
RUN_SECONDS = 280
JUNK = ("__pycache__", ".ipynb_checkpoints")
# What belongs to the checkout or to its user has no say in the fresh environment.
MINE = ("COVERAGE", "HYPOTHESIS", "JUPYTER", "PYTEST", "PYTHON", "UV_", "VIRTUAL_ENV")


class ReleaseError(Exception):
    """What was built is not to be released."""


@dataclass(frozen=True)
class Built:
    """The two files of a release."""

    sdist: Path
    wheel: Path


def build(source: Path, folder: Path) -> Built:
    """Build sdist and wheel, each from the same folder of sources."""
    for kind in ("--sdist", "--wheel"):
        must("build", "--quiet", kind, "--out-dir", str(folder), str(source), seconds=BUILD_SECONDS)
    # uv lets git ignore what it has built; `make clean` takes it away.
    (folder / ".gitignore").unlink(missing_ok=True)
    return Built(next(folder.glob("*.tar.gz")), next(folder.glob("*.whl")))


def must(*arguments: str, seconds: int) -> None:
    """Run uv, which has to succeed."""
    done = uv.run(*arguments, folder=ROOT, seconds=seconds)
    if not done.good:
        raise ReleaseError(f"uv {' '.join(arguments)}: {done.said}")


def contents(wheel: Path) -> dict[str, bytes]:
    """Return the files of a wheel by their names."""
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def unpack(sdist: Path, folder: Path) -> Path:
    """Unpack an sdist, and return the folder of its sources."""
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    return folder / sdist.name.removesuffix(".tar.gz")


def of_the_package(source: Path) -> set[str]:
    """Return the files of ``kit/`` in a folder of sources, whatever their kind."""
    files = (path for path in (source / "kit").rglob("*") if path.is_file())
    return {
        path.relative_to(source).as_posix()
        for path in files
        if not {*path.parts} & {*JUNK} and path.suffix != ".pyc"
    }


def complaints(built: Built, source: Path, folder: Path) -> Iterator[str]:
    """Yield what is wrong with what two files of a release have inside.

    Parameters
    ----------
    built : Built
    source : Path
        What they were built from.
    folder : Path
        An empty folder for what is unpacked.
    """
    files, wanted = contents(built.wheel), of_the_package(source)
    about = f"os_course_kit-{__version__}.dist-info"
    if built.wheel.name != f"os_course_kit-{__version__}-py3-none-any.whl":
        yield f"the wheel is called {built.wheel.name}"
    packed = {name for name in files if not name.startswith(f"{about}/")}
    yield from (f"the wheel lacks {name}" for name in sorted(wanted - packed))
    yield from (f"the wheel has {name}" for name in sorted(packed - wanted))
    if "kit = kit.cli:main" not in files[f"{about}/entry_points.txt"].decode():
        yield "the wheel has no command kit"
    unpacked = unpack(built.sdist, folder)
    again = contents(build(unpacked, folder / "again").wheel)
    different = {name for name in {*files, *again} if files.get(name) != again.get(name)}
    yield from (f"a wheel made of the sdist differs in {name}" for name in sorted(different))
    for name in ("pyproject.toml", "requirements.lock", "LICENSE", "tests/release.py", LESSON):
        if not (unpacked / name).is_file():
            yield f"the sdist lacks {name}"


class Fresh:
    """A new environment with nothing but a wheel and what that needs.

    Parameters
    ----------
    folder : Path
        An empty folder: for the environment, a home, and a place to work in.
    """

    def __init__(self, folder: Path) -> None:
        self.prefix, self.work = folder / "environment", folder / "work"
        self.work.mkdir()
        wanted = ("--no-project", "--python", sys.executable)
        must("venv", "--quiet", *wanted, str(self.prefix), seconds=INSTALL_SECONDS)
        programs = self.prefix / ("Scripts" if os.name == "nt" else "bin")
        self._python = str(programs / "python")
        kept = {name: v for name, v in os.environ.items() if not name.startswith(MINE)}
        home = dict.fromkeys(("HOME", "USERPROFILE"), str(folder))
        path = os.pathsep.join((str(programs), os.defpath))
        self._variables = {**kept, **home, "PATH": path, "PYTHONUTF8": "1"}

    def install(self, wheel: Path, extras: str = "") -> None:
        """Install a wheel, with the versions that are tested."""
        wanted = f"os-course-kit[{extras}] @ {wheel.resolve().as_uri()}"
        lock = ("--constraint", str(ROOT / "requirements.lock"))
        place = ("--quiet", "--python", self._python)
        must("pip", "install", *place, *lock, wanted, seconds=INSTALL_SECONDS)

    def python(self, *arguments: str) -> str:
        """Run its Python, which has to succeed, and return what it prints."""
        done = subprocess.run(
            [self._python, *arguments],
            cwd=self.work,
            env=self._variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=RUN_SECONDS,
            check=False,
        )
        if done.returncode != 0:
            raise ReleaseError(f"{' '.join(arguments)}: {done.stdout}{done.stderr}")
        return done.stdout


def try_bare(wheel: Path, fresh: Fresh) -> Iterator[str]:
    """Use a wheel without any of its extras; yield what was done."""
    fresh.install(wheel)
    place = Path(fresh.python("-c", "import kit; print(kit.__file__)").strip())
    if not place.resolve().is_relative_to(fresh.prefix.resolve()):
        raise ReleaseError(f"the kit comes from {place}, not from the wheel")
    version = fresh.python("-m", "kit", "--version")
    if not version.startswith(f"os-course-kit, version {__version__}\n"):
        raise ReleaseError(f"kit --version prints {version}")
    yield "installed"
    stage = "from kit.scenarios import deadlock; from kit.widgets import Stage; Stage(deadlock())"
    fresh.python("-c", stage)
    yield "a stage is made"
    if "jupyterlab     " not in version or "not installed" not in version:
        raise ReleaseError(f"kit --version does not tell what is absent: {version}")
    yield f"kit doctor: {fresh.python('-m', 'kit', 'doctor').splitlines()[-1]}"


def try_lesson(wheel: Path, fresh: Fresh) -> Iterator[str]:
    """Use a wheel with all that a lesson needs; yield what was done."""
    fresh.install(wheel, EXTRAS)
    yield f"installed with {EXTRAS}"
    yield f"kit doctor: {fresh.python('-m', 'kit', 'doctor').splitlines()[-1]}"
    shutil.copytree(ROOT / "lessons", fresh.work / "lessons")
    checked = fresh.python("-m", "kit", "check", LESSON).splitlines()
    yield from (line for line in checked if ": passed" in line)
    if " build " in fresh.python("-m", "kit", "--help"):
        yield from _try_site(fresh)


def _try_site(fresh: Fresh) -> Iterator[str]:
    """Let the installed kit make the site of one lesson."""
    fresh.python("-m", "kit", "build", LESSON, "-o", "site")
    pages = {path.stem for path in (fresh.work / "site").rglob("*.html")}
    if not {"index", Path(LESSON).stem} <= pages:
        raise ReleaseError(f"the site has only the pages {sorted(pages)}")
    yield f"kit build: {len(pages)} pages"


def main(arguments: Sequence[str] | None = None) -> None:
    """Build a release into a folder and try it; exit with a sentence if it is no good."""
    parser = argparse.ArgumentParser(prog="python -m tests.release", description=__doc__)
    parser.add_argument("folder", nargs="?", default="dist", type=Path)
    folder: Path = parser.parse_args(arguments).folder
    started = time.monotonic()

    def told(what: str) -> None:
        sys.stdout.write(f"{time.monotonic() - started:5.1f} s  {what}\n")
        sys.stdout.flush()

    # Another version's files would be published along.
    for old in (*folder.glob("*.whl"), *folder.glob("*.tar.gz")):
        old.unlink()
    built = build(ROOT, folder.resolve())
    told(f"built {built.sdist.name} and {built.wheel.name}")
    with tempfile.TemporaryDirectory() as temporary:
        unpacked, elsewhere = Path(temporary) / "unpacked", Path(temporary) / "elsewhere"
        unpacked.mkdir()
        elsewhere.mkdir()
        if wrong := list(complaints(built, ROOT, unpacked)):
            sys.exit("\n".join(wrong))
        told("each file of kit/ is in the wheel, and a wheel made of the sdist is the same")
        fresh = Fresh(elsewhere)
        try:
            for attempt in (try_bare, try_lesson):
                for step in attempt(built.wheel, fresh):
                    told(step)
        except ReleaseError as error:
            sys.exit(str(error))


if __name__ == "__main__":
    main()
